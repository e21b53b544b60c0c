"""`assistant ctl`."""

from __future__ import annotations

from assistant.cli.common import Subparsers, add_command
from assistant.controls.drivers.client import EXAMPLES, add_arguments, run


def add(commands: Subparsers) -> None:
    """Its arguments."""
    add_arguments(add_command(commands, "ctl", run, "ask the assistant that runs", EXAMPLES))
