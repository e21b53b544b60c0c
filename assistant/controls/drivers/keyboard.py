"""The keys of the terminal in which the assistant was started, read in a thread."""

from __future__ import annotations

import atexit
import codecs
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

from assistant.controls.commands import Command, Edge, Inbox, Input
from assistant.errors import ConfigError

BUTTON, HELP = " ", "?"
COMMANDS = {
    "r": Command.REPEAT,
    "m": Command.NEXT_MODE,
    "s": Command.STATUS,
    "i": Command.INTRODUCE,
    "g": Command.GUIDE,
    "x": Command.SILENCE,
    "u": Command.TOGGLE_MUTE,
    "+": Command.LOUDER,
    "-": Command.QUIETER,
    "q": Command.STOP,
}
KEYS = "\n".join(
    [
        "space  the button: once says what is seen, twice repeats, three times goes to the next mode, "
        "four times introduces the headset",
        *(f"{key}      {command}" for key, command in COMMANDS.items()),
        f"{HELP}      this list",
    ]
)
SEQUENCE = re.compile(
    r"\x1b+(?:\[\[[^\x1b]|\[(?!\[)[ -?]*(?:[^ -?\x1b]|(?=\x1b))|O[0-9;]*[^0-9;\x1b]"
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[^\[O\]PX^_\x1b])"
)
"""What arrows, function keys, Alt and the terminal's answers send (ECMA-48).

The Q in the sequence of F2, for example, must not end the program.
"""

BEGUN_SEQUENCE = re.compile(r"\x1b+(?:\[\[?[ -?]*|O[0-9;]*|[\]PX^_][^\x07\x1b]*\x1b?)?$")
"""The beginning of a sequence whose rest comes with the next read."""

ESCAPE = "\x1b"
ESCAPE_S = 1.0
"""An Escape that nothing follows within this time was the Escape key."""


def meaning(typed: str, now: float) -> list[Input]:
    """Return what the keys of a text ask for."""
    inputs: list[Input] = []
    for key in typed.lower():
        if key == BUTTON:
            inputs += [Edge(True, now), Edge(False, now)]
        elif key in COMMANDS:
            inputs.append(COMMANDS[key])
    return inputs


class KeyStream:
    """Takes what a terminal sends, in pieces of any size, and leaves the keys that belong to no sequence."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = ""
        self._begun_s = 0.0

    def feed(self, data: bytes, now: float) -> str:
        """Return the keys of a piece; the beginning of a sequence is held back until its rest comes."""
        if self._begun == ESCAPE and now - self._begun_s > ESCAPE_S:
            self._begun = ""
        typed = SEQUENCE.sub("", self._begun + self._decoder.decode(data))
        begun = BEGUN_SEQUENCE.search(typed)
        if begun is None:
            self._begun = ""
            return typed
        self._begun, self._begun_s = begun.group(), now
        return typed[: begun.start()]


def kept_terminal(terminal: TextIO | None) -> Callable[[], None]:
    """Return a function that restores the terminal's present state; it does nothing when there is no terminal."""
    if terminal is None or not terminal.isatty():
        return lambda: None
    fd = terminal.fileno()
    before = termios.tcgetattr(fd)

    def restore() -> None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(fd, termios.TCSANOW, before)

    return restore


class TerminalKeys:
    """Reads keys without waiting for Enter; `close`, or the end of the program, restores the terminal."""

    def __init__(
        self,
        terminal: TextIO | None = None,
        out: TextIO | None = None,
        now: Callable[[], float] = time.monotonic,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin to read standard input, or another terminal; raise ConfigError when it is not a terminal.

        `wake` is called with each input.
        """
        terminal = terminal or sys.stdin
        if terminal is None or not terminal.isatty():
            raise ConfigError("--keys: standard input is not a terminal")
        self._out = out or sys.stderr
        self._now = now
        self._inbox = Inbox(wake)
        self._fd = terminal.fileno()
        self._restore = kept_terminal(terminal)
        atexit.register(self._restore)
        tty.setcbreak(self._fd)
        self._closed, self._closing = os.pipe()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    def take(self) -> list[Input]:
        """Return what was typed since the last call."""
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

    def _run(self) -> None:
        stream = KeyStream()
        while data := self._read():
            now = self._now()
            keys = stream.feed(data, now)
            self._inbox.put(*meaning(keys, now))
            if HELP in keys:
                with contextlib.suppress(OSError):  # nothing can be printed there any more; the keys still work
                    print(KEYS, file=self._out, flush=True)

    def _read(self) -> bytes:
        """Wait for the next keys and return their bytes; nothing at the end."""
        ready, _, _ = select.select([self._fd, self._closed], [], [])
        if self._closed in ready:
            return b""
        with contextlib.suppress(OSError):  # the terminal is gone
            return os.read(self._fd, 1024)
        return b""
