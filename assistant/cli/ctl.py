"""`assistant ctl`."""

from __future__ import annotations

import argparse
import json

from assistant.cli.common import Subparsers, add_command
from assistant.controls.commands import Mode
from assistant.controls.drivers.client import send
from assistant.controls.protocol import REQUESTS, ControlError, parse_request
from assistant.errors import ConfigError

EXAMPLES = """examples:
  assistant ctl tell
  assistant ctl mode ask
  sudo assistant ctl status      when the assistant runs as a service
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    ctl = add_command(commands, "ctl", run, "ask the assistant that runs", EXAMPLES)
    verbs = list(dict.fromkeys(words.split()[0] for words in REQUESTS))
    ctl.add_argument("request", choices=verbs, metavar="REQUEST", help=", ".join(verbs))
    ctl.add_argument("name", nargs="?", metavar="NAME", help=f"the mode, for the request mode: {', '.join(Mode)}")


def run(arguments: argparse.Namespace) -> int:
    """Send the request and print the answer, one line of JSON; return 0 when it was done, 1 when it was not."""
    words = f"{arguments.request} {arguments.name or ''}".strip()
    try:
        command = parse_request(words.encode())
    except ControlError as error:
        raise ConfigError(f"ctl {words}: allowed is {', '.join(REQUESTS)}") from error
    answer = send(command)
    print(json.dumps(answer, ensure_ascii=False))
    return 0 if answer["ok"] else 1
