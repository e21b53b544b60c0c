"""`assistant practice`."""

from __future__ import annotations

import argparse

from assistant.cli.common import Subparsers, add_command, add_settings
from assistant.speech.registry import ENGINES

EXAMPLES = """examples:
  assistant practice                 by the keys of this terminal: space is the button, s its long press, q ends
  assistant practice --voice print
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    practice = add_command(commands, "practice", _practice, "learn what is said and what presses do", EXAMPLES)
    add_settings(practice)
    practice.add_argument("--voice", default="auto", help=f"auto, {', '.join(ENGINES)} or print (default: auto)")


def _practice(arguments: argparse.Namespace) -> int:
    from assistant.app.configuration.settings_files import load_settings
    from assistant.cli.practice.lessons import build_practice

    return build_practice(arguments.voice, load_settings(arguments.config), arguments.config)
