"""The clocks that give the loop its time: the machine's, or a recording's."""

from __future__ import annotations

import threading
import time


class MonotonicClock:
    """The machine's monotonic clock; with `from_zero` the time since this clock was made."""

    def __init__(self, *, from_zero: bool = False) -> None:
        self._origin_s = time.monotonic() if from_zero else 0.0
        self._interrupt = threading.Event()

    def now(self) -> float:
        """Return the time in seconds."""
        return time.monotonic() - self._origin_s

    def wait(self, seconds: float) -> None:
        """Wait for this many seconds."""
        self._interrupt.wait(seconds)


class RecordingClock:
    """A recording's time. It passes only when it is told to, so that each run is the same."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def now(self) -> float:
        """Return the time in seconds of the recording."""
        return self._now_s

    def wait(self, seconds: float) -> None:
        """Move the clock on by this many seconds, without waiting."""
        self._now_s += seconds

    def advance_to(self, t_s: float) -> None:
        """Go to this time; a time that has passed changes nothing."""
        self._now_s = max(self._now_s, t_s)
