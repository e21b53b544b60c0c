"""Where the loop's time comes from."""

from __future__ import annotations

import threading
import time


class MonotonicClock:
    """The machine's monotonic clock, or the time since this clock was made."""

    def __init__(self, *, from_zero: bool = False) -> None:
        self._origin_s = time.monotonic() if from_zero else 0.0
        self._interrupt = threading.Event()

    def now(self) -> float:
        """Seconds."""
        return time.monotonic() - self._origin_s

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._interrupt.wait(seconds)


class RecordingClock:
    """A recording's own time, which passes only when it is told to: the same each time."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def now(self) -> float:
        """Seconds of the recording."""
        return self._now_s

    def wait(self, seconds: float) -> None:
        """Let time pass, without waiting."""
        self._now_s += seconds

    def advance_to(self, t_s: float) -> None:
        """Go to this time; never back."""
        self._now_s = max(self._now_s, t_s)
