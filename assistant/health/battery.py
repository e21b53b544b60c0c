"""Decides from the readings of the battery what is said, and when the machine is switched off.

This file does no input or output. Every time is an argument, in seconds of a clock that never runs backwards.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from assistant.health.settings import BatterySettings

READINGS, SPAN_S = 3, 8.0
"""A charge counts once this many readings in a row, over at least this time, agree."""

GAP_S = 60.0
"""Two readings farther apart than this are not in a row."""

RISE_PERCENT = 5.0
"""The charge must rise by this much above a level before the same level is said again."""

EMPTY_S = 20.0
"""The battery must count as empty for this long before the machine is switched off, since that cannot be undone."""


@dataclass(frozen=True, slots=True)
class Charge:
    """How full the battery is, in percent; `is_charging` is None when that is not known."""

    percent: float
    is_charging: bool | None = None

    @classmethod
    def checked(cls, percent: float, is_charging: bool | None = None) -> Charge:
        """Return a charge; raise ValueError when the percentage is not a number from 0 to 100."""
        if not (math.isfinite(percent) and 0 <= percent <= 100):
            raise ValueError(f"{percent:g} is not a percentage")
        return cls(percent, is_charging)


@dataclass(frozen=True, slots=True)
class BatteryReading:
    """A charge that was read at `t_s` seconds."""

    t_s: float
    charge: Charge


class Battery(Protocol):
    """The port for the battery."""

    def latest(self) -> BatteryReading | None:
        """Return the latest reading at once; None when the charge is not known now. Any thread may call this."""

    def close(self) -> None:
        """Stop reading."""


class NoBattery:
    """The battery of a machine that has none, or of a recording."""

    def latest(self) -> BatteryReading | None:
        """Return that nothing is known."""
        return None

    def close(self) -> None:
        """Do nothing."""


class BatteryStep(Enum):
    """What has become of the battery."""

    FALLEN = auto()
    """It has fallen to `low_percent`."""
    LOW = auto()
    """It has fallen to the middle between `low_percent` and `switch_off_percent`."""
    RECOVERED = auto()
    """A low battery charges, or is fuller again."""
    EMPTY = auto()
    """It has fallen to `switch_off_percent`, and the machine must be switched off."""


class BatteryWatch:
    """Compares the readings with the levels of the settings; a single wrong reading changes nothing."""

    def __init__(self, settings: BatterySettings = BatterySettings(), *, switches_off: bool = True) -> None:
        """Without `switches_off` the battery never counts as empty."""
        self._low = settings.low_percent
        self._very_low = (settings.low_percent + settings.switch_off_percent) / 2
        self._empty = settings.switch_off_percent if switches_off and settings.switch_off_percent else -1
        self._recent: deque[BatteryReading] = deque()
        self._has_fallen = self._is_low = self._was_empty = False
        self._empty_since_s: float | None = None

    def update(self, reading: BatteryReading | None) -> list[BatteryStep]:
        """Take the latest reading, or None when the charge is not known; return what has become of the battery.

        A reading that was taken before is ignored.
        """
        if reading is not None and self._recent and reading.t_s <= self._recent[-1].t_s:
            return []
        if not self._is_confirmed_by(reading):
            self._empty_since_s = None
            return []
        return [*self._recovery(), *self._fall()]

    def _is_confirmed_by(self, reading: BatteryReading | None) -> bool:
        """Add a reading; return whether enough readings in a row are known."""
        recent = self._recent
        if reading is None or (recent and reading.t_s - recent[-1].t_s > GAP_S):
            recent.clear()
        if reading is None:
            return False
        recent.append(reading)
        while len(recent) > READINGS and reading.t_s - recent[1].t_s >= SPAN_S:
            recent.popleft()
        return len(recent) >= READINGS and reading.t_s - recent[0].t_s >= SPAN_S

    def _recovery(self) -> list[BatteryStep]:
        lowest = min(each.charge.percent for each in self._recent)
        charges = all(each.charge.is_charging for each in self._recent)
        if lowest >= self._low + RISE_PERCENT:
            self._has_fallen = False
        if charges or lowest >= self._empty + RISE_PERCENT:
            self._was_empty = False
        if self._is_low and (charges or lowest >= self._very_low + RISE_PERCENT):
            self._is_low = False
            return [BatteryStep.RECOVERED]
        return []

    def _fall(self) -> list[BatteryStep]:
        highest = max(each.charge.percent for each in self._recent)
        if any(each.charge.is_charging for each in self._recent):
            highest = math.inf
        steps = []
        if highest <= self._very_low and not self._is_low:
            self._is_low = self._has_fallen = True
            steps.append(BatteryStep.LOW)
        elif highest <= self._low and not self._has_fallen:
            self._has_fallen = True
            steps.append(BatteryStep.FALLEN)
        return [*steps, *self._end(is_empty=highest <= self._empty)]

    def _end(self, *, is_empty: bool) -> list[BatteryStep]:
        """Return that the machine must be switched off, once, when the battery has been empty for long enough."""
        now = self._recent[-1].t_s
        self._empty_since_s = None if not is_empty else now if self._empty_since_s is None else self._empty_since_s
        if self._empty_since_s is None or self._was_empty or now - self._empty_since_s < EMPTY_S:
            return []
        self._was_empty = True
        return [BatteryStep.EMPTY]
