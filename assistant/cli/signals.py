"""Takes signals for a command that runs on: to end, and to read its settings again."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from assistant.controls.drivers.keyboard import kept_terminal

LATEST_END_S = 1.8
"""After a signal the program ends within this many seconds; the system cleans up what a driver still holds then."""

LEFT_BEHIND = b"assistant: a part did not end in time and was left behind\n"


class Signals:
    """Takes signals: to end, which the program does in time whatever hangs, and to read the settings again.

    Python runs a signal's handler in the middle of the main thread's work, which may hold the very lock that the
    handler wants. So the handlers here do nothing: the number of each signal comes through a pipe to a thread.
    """

    def __init__(self, *, reloads: bool, keys: bool = False) -> None:
        """With `reloads`, SIGHUP has the settings read again; without it, SIGHUP ends the program.

        With `keys`, the terminal is restored to its present state when the program is ended at once.
        """
        self.stop = threading.Event()
        self.reload: Callable[[], None] = lambda: None
        """Called when the settings are to be read again; before the start they are about to be read anyway."""
        self.wake: Callable[[], None] = lambda: None
        """Called after `stop` was set, so that whoever waits for something else looks at it."""
        self._reloads = reloads
        self._must_end = threading.Event()
        self._restore_terminal = kept_terminal(sys.stdin if keys else None)
        self._heard, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        for name, target in (("signals", self._listen), ("end", self._end_in_time)):
            threading.Thread(target=target, name=name, daemon=True).start()

    def leave(self) -> None:
        """End the program at once if it was told to end; the interpreter's own cleanup may take seconds."""
        if self._must_end.is_set():
            logging.shutdown()
            sys.stdout.flush()
            self._end_now()

    def _listen(self) -> None:
        while True:
            for number in os.read(self._heard, 64):
                self._obey(number)

    def _obey(self, number: int) -> None:
        if number == signal.SIGHUP and self._reloads:
            self.reload()
            return
        if number != signal.SIGINT or self.stop.is_set():  # who interrupts twice does not want to wait
            self._must_end.set()
        self.stop.set()
        self.wake()

    def _end_in_time(self) -> None:
        self._must_end.wait()
        time.sleep(LATEST_END_S)
        with contextlib.suppress(OSError):
            os.write(2, LEFT_BEHIND)  # whoever hangs may hold the lock of sys.stderr
        self._end_now()

    def _end_now(self) -> None:
        self._restore_terminal()
        os._exit(0)
