"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from assistant.camera.registry import camera_help

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
CONFIG_HELP = "settings file; `assistant settings` prints one"
MODEL_HELP = "another emotion network, a .tflite file with its card beside it"

Run = Callable[[argparse.Namespace], int]


def add_command(commands: Subparsers, name: str, run: Run, what: str, examples: str) -> argparse.ArgumentParser:
    """Add a command and return its parser; `run` returns the exit code."""
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    return parser


def add_settings(parser: argparse.ArgumentParser, text: str = CONFIG_HELP) -> None:
    """Add the option that names the settings file; `text` is its help."""
    parser.add_argument("--config", type=Path, metavar="FILE", help=text)


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Add the options for the settings, the camera and the model."""
    add_settings(parser)
    parser.add_argument(
        "--camera",
        default="auto",
        help=f"{camera_help()} (default: auto)",
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help=MODEL_HELP)


def positive(text: str) -> float:
    """Return a number above 0; ArgumentTypeError is raised for any other text."""
    return _number(text, 0.0, 1e9, "a number above 0 is needed")


def frames_a_second(text: str) -> float:
    """Return a number from 1 to 120; ArgumentTypeError is raised for any other text."""
    return _number(text, 1.0, 120.0, "a number from 1 to 120 is needed")


def _number(text: str, low: float, high: float, needed: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (low <= number <= high and number):
        raise argparse.ArgumentTypeError(f"{text!r}: {needed}")
    return number
