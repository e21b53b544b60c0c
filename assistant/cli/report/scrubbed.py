"""Removes from a text what could identify a person or a machine. This file imports nothing of the program."""

from __future__ import annotations

import getpass
import re
import socket
from pathlib import Path

RADIO = re.compile(r"\b(?:[0-9A-Fa-f]{2}[:_-]){5}[0-9A-Fa-f]{2}\b")
NUMBER = re.compile(r"\b[0-9a-fA-F]{16,}\b")
NETWORK = re.compile(
    r"\b(?!127\.0\.0\.1\b|0\.0\.0\.0\b)(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}\b(?!\.\d)"
)
HOME = re.compile(r"/home/[^/\s:'\"]+")

COMMON = ("root", "localhost", "raspberrypi", "emotion-assistant")
"""Names of users and machines that say nothing of a person."""


def scrubbed(text: str) -> str:
    """Remove radio and network addresses, serial numbers, and the names of user, machine and home folder."""
    text = RADIO.sub("(address)", text)
    text = NUMBER.sub("(number)", text)
    text = HOME.sub("/home/(name)", text)
    for word in (str(Path.home()), _user(), socket.gethostname()):
        if len(word) > 2 and word.strip("/") not in COMMON:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "(name)", text)
    return text


def without_networks(text: str) -> str:
    """Remove network addresses too; versions of programs can look like them, so this is for lines of logs."""
    return NETWORK.sub("(address)", text)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
