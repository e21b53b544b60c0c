"""What several commands take alike."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace], int]


def add_command(commands: Subparsers, name: str, run: Run, what: str, examples: str) -> argparse.ArgumentParser:
    """A command's parser; `run` returns the exit code."""
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    return parser


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The option that names the settings."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings; see: assistant settings")


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Settings, camera and model."""
    add_settings(parser)
    parser.add_argument(
        "--camera",
        default="auto",
        help="auto, picamera, webcam, webcam:N, webcam:NAME (see `assistant devices`), replay:PATH, simulated or "
        'simulated:SCRIPT (default: auto, a real camera); a SCRIPT names emotions and seconds: "happy 4, empty 2"',
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="another .tflite file, its card beside it")


def positive(text: str) -> float:
    """A number above 0."""
    return _number(text, 0.0, 1e9, "a number above 0 is needed")


def frames_a_second(text: str) -> float:
    """A number from 1 to 120."""
    return _number(text, 1.0, 120.0, "a number from 1 to 120 is needed")


def _number(text: str, low: float, high: float, needed: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (low <= number <= high and number):
        raise argparse.ArgumentTypeError(f"{text!r}: {needed}")
    return number
