"""The keys of the terminal that the assistant was started in, read in a thread of their own."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import select
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable
from typing import TextIO

from assistant.commands import Command, Edge, Inbox, Input
from assistant.errors import ConfigError

BUTTON, HELP = " ", "?"
COMMANDS = {
    "r": Command.REPEAT,
    "m": Command.NEXT_MODE,
    "s": Command.STATUS,
    "x": Command.SILENCE,
    "u": Command.TOGGLE_MUTE,
    "+": Command.LOUDER,
    "-": Command.QUIETER,
    "q": Command.STOP,
}
KEYS = "\n".join(
    [
        "space  the button: once tells, twice repeats, three times the next mode",
        *(f"{key}      {command}" for key, command in COMMANDS.items()),
        f"{HELP}      this list",
    ]
)
SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.|.|$)", re.DOTALL)
"""What arrows, function keys and Alt send (ECMA-48): letters in it mean nothing, F2's is Q."""


def meaning(typed: str, now: float) -> list[Input]:
    """What keys ask for."""
    inputs: list[Input] = []
    for key in typed.lower():
        if key == BUTTON:
            inputs += [Edge(True, now), Edge(False, now)]
        elif key in COMMANDS:
            inputs.append(COMMANDS[key])
    return inputs


class TerminalKeys:
    """Reads keys without waiting for the end of a line; the terminal is as before once closed, or after a crash."""

    def __init__(
        self, terminal: TextIO | None = None, out: TextIO | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin to read standard input, or another terminal; ConfigError where it is none."""
        terminal = terminal or sys.stdin
        if terminal is None or not terminal.isatty():
            raise ConfigError("--keys: standard input is no terminal")
        self._out = out or sys.stderr
        self._now = now
        self._inbox = Inbox()
        self._fd = terminal.fileno()
        self._before = termios.tcgetattr(self._fd)
        atexit.register(self._restore)
        tty.setcbreak(self._fd)
        self._closed, self._closing = os.pipe()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    def take(self) -> list[Input]:
        """What was typed since the last call."""
        return self._inbox.take()

    def close(self) -> None:
        """Stop reading and restore the terminal."""
        if self._closing < 0:
            return
        os.close(self._closing)
        self._closing = -1
        self._thread.join()
        os.close(self._closed)
        atexit.unregister(self._restore)
        self._restore()

    def _restore(self) -> None:
        with contextlib.suppress(termios.error):  # a terminal that is gone
            termios.tcsetattr(self._fd, termios.TCSANOW, self._before)

    def _run(self) -> None:
        while typed := self._read():
            keys = SEQUENCE.sub("", typed)
            self._inbox.put(*meaning(keys, self._now()))
            if HELP in keys:
                print(KEYS, file=self._out, flush=True)

    def _read(self) -> str:
        """What is typed next, as it comes; nothing at the end."""
        ready, _, _ = select.select([self._fd, self._closed], [], [])
        if self._closed in ready:
            return ""
        with contextlib.suppress(OSError):  # the terminal is gone
            return os.read(self._fd, 1024).decode(errors="replace")
        return ""
