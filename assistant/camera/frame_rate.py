"""Decides the frame rate: it is lower while nobody is there, and while the machine is hot or its voltage is low.

Time is an argument, in seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.faults import Fault
from assistant.setting import setting

SPARING = frozenset({Fault.HOT, Fault.THROTTLED, Fault.LOW_VOLTAGE})
"""While one of these faults lasts, the machine gets less work."""

FRAMES_UNTIL_STALLED = 3
"""The frame rate stays so high that this many frames come before the camera would count as stopped."""

MAX_CATCH_UP = 0.5
"""After a late frame, the next is due earlier by the delay, at most by this share of the time between frames."""

MAX_EARLY = 0.1
"""A frame may come early by this share of the time between two frames."""


@dataclass(frozen=True, slots=True)
class FrameRateSettings:
    """How many frames are processed, to save battery and processor time."""

    idle_after_s: float = setting(
        10.0,
        "After this time without a face or a movement the frame rate falls to idle_fps; "
        "a larger value keeps the full rate longer",
        unit="seconds",
        low=1,
        high=3600,
    )
    idle_fps: float = setting(
        3.0,
        "Most frames processed while nobody is there and nothing moves; "
        "more frames detect a new face sooner, but use more power",
        unit="frames a second",
        low=2,
        high=120,
    )
    spared_fps: float = setting(
        8.0,
        "Most frames processed while the machine is hot, slowed down or low on voltage; "
        "more frames show a change sooner, but let the machine recover more slowly",
        unit="frames a second",
        low=2,
        high=120,
    )


class FrameRatePolicy:
    """Decides after each frame how soon the next frame is wanted."""

    def __init__(self, settings: FrameRateSettings, stalled_s: float) -> None:
        """After `stalled_s` without a frame a camera counts as stopped; the rate stays high enough to avoid that."""
        self._settings = settings
        self._least_fps = FRAMES_UNTIL_STALLED / stalled_s
        self._active_s: float | None = None
        self.is_idle = False
        """Whether there has been neither a face nor a movement for `idle_after_s`."""

    def fps(self, now: float, *, active: bool, reduced: bool) -> float:
        """Return how many frames a second are wanted from now on; infinity stands for all frames.

        `active` says that this frame shows a face or a movement, `reduced` that the machine must get less work.
        """
        if active or self._active_s is None:
            self._active_s = now
        self.is_idle = now - self._active_s >= self._settings.idle_after_s
        wanted = min(
            self._settings.idle_fps if self.is_idle else math.inf,
            self._settings.spared_fps if reduced else math.inf,
        )
        return max(wanted, self._least_fps)


class Throttle:
    """Chooses frames at even distances when more frames come than are wanted."""

    def __init__(self) -> None:
        self._taken_s = -math.inf
        self._late_s = 0.0

    def wants(self, t_s: float, fps: float) -> bool:
        """Return whether the frame of this time is one of `fps` a second; `fps` may change from frame to frame."""
        period_s = 1 / fps
        due_s = self._taken_s + period_s - min(self._late_s, MAX_CATCH_UP * period_s)
        if t_s < due_s - MAX_EARLY * period_s:
            return False
        late_s = t_s - due_s
        self._taken_s, self._late_s = t_s, late_s if late_s < period_s else 0.0
        return True
