"""`assistant ctl`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping

from assistant.cli.common import Subparsers, add_command
from assistant.controls.drivers.client import send
from assistant.controls.protocol import REQUESTS, ControlError, parse_request
from assistant.errors import ConfigError

MEANINGS: Mapping[str, str] = {
    "tell": "say what the headset sees now",
    "repeat": "say the last phrase again",
    "silence": "stop the phrase or the leading sound that is heard now; the next phrase is said as usual",
    "mode changes": "say emotions and faults unasked",
    "mode ask": "say only faults unasked",
    "mode full": "say unasked who came, where and how near, emotions with the place, who left, and faults",
    "status": "say and print the state: mode, faults, frames a second, temperature, battery",
    "introduce": "say to the people in front what the headset does, and that it keeps nothing",
    "guide": "lead to the face by a sound, or end that",
    "mute": "say only answers, until unmute",
    "unmute": "end mute, and say the faults that last",
    "louder": "raise the volume by a step",
    "quieter": "lower the volume by a step",
    "stop": "end the program",
}
"""What each request does, for the help."""

EXAMPLES = """examples:
  assistant ctl tell
  assistant ctl mode ask
  sudo assistant ctl status      when the assistant runs as a service
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    requests = "".join(f"  {words:<14} {meaning}\n" for words, meaning in MEANINGS.items())
    ctl = add_command(commands, "ctl", run, "ask the assistant that runs", f"requests:\n{requests}\n{EXAMPLES}")
    verbs = list(dict.fromkeys(words.split()[0] for words in REQUESTS))
    ctl.add_argument("request", choices=verbs, metavar="REQUEST", help="one of the requests below")
    ctl.add_argument("name", nargs="?", metavar="NAME", help="the mode, for the request mode")


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
