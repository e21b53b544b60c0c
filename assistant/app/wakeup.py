"""Wakes the loop of the service: it waits here until a thread has something for it."""

from __future__ import annotations

import threading


class Wakeup:
    """The loop waits; `set` wakes it. Any thread may call `set`, but not a signal's handler."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Wake the loop; when it does not wait now, it will not wait the next time."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Wait until `set` is called, or was called since the last wait, and at most this many seconds."""
        self._event.wait(seconds)
        self._event.clear()
