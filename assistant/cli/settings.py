"""`assistant settings`."""

from __future__ import annotations

import argparse

from assistant.cli.common import Subparsers, add_command, add_settings

EXAMPLES = """examples:
  assistant settings > settings.toml && assistant run --config settings.toml
  assistant settings --current --config settings.toml    # with the file that each was set in
"""


def add(commands: Subparsers) -> None:
    """Its arguments."""
    parser = add_command(commands, "settings", _settings, "print all settings as a file ready to edit", EXAMPLES)
    parser.add_argument(
        "--current", action="store_true", help="those that count now, not the defaults, and where each was set"
    )
    add_settings(parser)


def _settings(arguments: argparse.Namespace) -> int:
    from assistant.app.settings import Settings, settings_as_toml
    from assistant.app.settings_files import load_layers

    if arguments.current:
        layers = load_layers(arguments.config)
        print(settings_as_toml(layers.settings, layers.sources), end="")
    else:
        print(settings_as_toml(Settings()), end="")
    return 0
