"""How many pictures a second are wanted: fewer while nobody is there, or while the machine is hot or its voltage low.

It has no clock: time is an argument, in seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.faults import Fault
from assistant.setting import setting

SPARING = frozenset({Fault.HOT, Fault.THROTTLED, Fault.LOW_VOLTAGE})
"""While one of these lasts, the machine is to be spared."""

PICTURES_UNTIL_STALLED = 3
"""So many must come in the time after which a camera without pictures counts as stopped."""

LATEST, EARLIEST = 0.5, 0.1
"""Shares of the time between two pictures: so late is made up for by the next one, and so early is in time."""


@dataclass(frozen=True, slots=True)
class FrameRateSettings:
    """How many pictures are looked at, to spare battery and processor."""

    idle_after_s: float = setting(
        10.0,
        "After this long without anybody seen or anything moving, fewer pictures",
        unit="seconds",
        low=1,
        high=3600,
    )
    idle_fps: float = setting(
        3.0, "So many then, until something moves or a face is found", unit="a second", low=2, high=120
    )
    spared_fps: float = setting(
        8.0, "At most so many while it is too hot, slowed down or low on voltage", unit="a second", low=2, high=120
    )


class FrameRatePolicy:
    """Decides after each picture how soon the next one is wanted."""

    def __init__(self, settings: FrameRateSettings, stalled_s: float) -> None:
        """Never so slow that a camera which counts as stopped after `stalled_s` would seem to be."""
        self._settings = settings
        self._least_fps = PICTURES_UNTIL_STALLED / stalled_s
        self._active_s: float | None = None

    def fps(self, now: float, *, active: bool, reduced: bool) -> float:
        """Pictures a second from now on, infinite for all that there are.

        `active` tells that somebody was seen in this picture or something moved, `reduced` that the machine is to be.
        """
        if active or self._active_s is None:
            self._active_s = now
        idle = now - self._active_s >= self._settings.idle_after_s
        wanted = min(
            self._settings.idle_fps if idle else math.inf,
            self._settings.spared_fps if reduced else math.inf,
        )
        return max(wanted, self._least_fps)


class Throttle:
    """Chooses from pictures that come too often, evenly."""

    def __init__(self) -> None:
        self._taken_s = -math.inf
        self._late_s = 0.0

    def wants(self, t_s: float, fps: float) -> bool:
        """Whether the picture of this time is one of `fps` a second, which may change from one to the next."""
        period_s = 1 / fps
        due_s = self._taken_s + period_s - min(self._late_s, LATEST * period_s)
        if t_s < due_s - EARLIEST * period_s:
            return False
        late_s = t_s - due_s
        self._taken_s, self._late_s = t_s, late_s if late_s < period_s else 0.0
        return True
