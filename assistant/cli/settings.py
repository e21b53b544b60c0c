"""`assistant settings`."""

from __future__ import annotations

import argparse

from assistant.cli.common import Subparsers, add_command, add_settings
from assistant.errors import ConfigError

EXAMPLES = """examples:
  assistant settings > settings.toml && assistant run --config settings.toml
  assistant settings --current --config settings.toml    # with the file that sets each
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    parser = add_command(commands, "settings", _settings, "print all settings as a file ready to edit", EXAMPLES)
    parser.add_argument(
        "--current",
        action="store_true",
        help="print the settings that count now, not the defaults, and the file that sets each",
    )
    add_settings(parser, "the machine's settings file, which the wearer's own settings override; only with --current")


def _settings(arguments: argparse.Namespace) -> int:
    from assistant.app.configuration.settings import Settings, settings_as_toml
    from assistant.app.configuration.settings_files import load_layers

    if arguments.current:
        layers = load_layers(arguments.config)
        print(settings_as_toml(layers.settings, layers.sources), end="")
    elif arguments.config:
        raise ConfigError(f"settings --config {arguments.config}: only with --current")
    else:
        print(settings_as_toml(Settings()), end="")
    return 0
