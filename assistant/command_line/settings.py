"""`assistant settings`."""

from __future__ import annotations

import argparse

from assistant.command_line.common import Subparsers, add_command

EXAMPLES = """example:
  assistant settings > settings.toml && assistant run --config settings.toml
"""


def add(commands: Subparsers) -> None:
    """It takes none."""
    add_command(commands, "settings", _settings, "print all settings as a file ready to edit", EXAMPLES)


def _settings(_: argparse.Namespace) -> int:
    from assistant.settings import Settings, settings_as_toml

    print(settings_as_toml(Settings()), end="")
    return 0
