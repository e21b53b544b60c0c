"""Finds the faults of the machine in its readings: each when it begins and when it ends.

This file does no input or output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.faults import Fault

HOT_C = 80.0
"""From this temperature on, in degrees Celsius, the machine is hot.

A Raspberry Pi slows itself down from 80 degrees on (raspberrypi.com, "Frequency management and thermal control").
"""

COOLED_C = 75.0
"""At this temperature and below, in degrees Celsius, a hot machine has cooled."""

LEAST_FREE_BYTES = 20_000_000
"""With this much free space or less the disk counts as full: the rendered phrases need 20 MB."""

ENOUGH_FREE_BYTES = 30_000_000
"""With this much free space or more, a full disk has room again."""

WELL_READINGS = 6
"""A fault ends after this many good readings in a row, because a weak supply changes every few seconds."""


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """One reading of the machine's state; a value is None when the machine does not report it."""

    temperature_c: float | None = None
    voltage_is_low: bool | None = None
    is_throttled: bool | None = None
    free_bytes: int | None = None


class Machine(Protocol):
    """The port for the computer that the program runs on."""

    def health(self) -> MachineHealth:
        """Return the machine's state now."""

    def power_off(self) -> None:
        """Switch the machine off; raise AssistantError when that fails."""


class HealthWatch:
    """Compares each reading with the faults that were reported before."""

    def __init__(self) -> None:
        self._good_readings: dict[Fault, int] = {}
        """For each fault that lasts: how many good readings in a row have come since the last bad one."""

    def update(self, health: MachineHealth) -> list[Fault]:
        """Return the faults that begin or end with this reading."""
        changes = []
        for fault, (is_wrong, end) in _conditions(health).items():
            if is_wrong:
                changes += [] if fault in self._good_readings else [fault]
                self._good_readings[fault] = 0
            elif is_wrong is False and fault in self._good_readings:
                self._good_readings[fault] += 1
                if self._good_readings[fault] >= WELL_READINGS:
                    del self._good_readings[fault]
                    changes.append(end)
        return changes


def _conditions(health: MachineHealth) -> Mapping[Fault, tuple[bool | None, Fault]]:
    """Return for each fault whether it is present (None: unchanged), and the member that reports its end."""
    return {
        Fault.LOW_VOLTAGE: (health.voltage_is_low, Fault.VOLTAGE_BACK),
        Fault.HOT: (_beyond(health.temperature_c, HOT_C, COOLED_C), Fault.COOLED),
        Fault.THROTTLED: (health.is_throttled, Fault.FULL_SPEED),
        Fault.DISK_FULL: (
            _beyond(_negative(health.free_bytes), -LEAST_FREE_BYTES, -ENOUGH_FREE_BYTES),
            Fault.DISK_FREE,
        ),
    }


def _beyond(value: float | None, wrong: float, well: float) -> bool | None:
    """Return True from `wrong` on, False up to `well`, and None between them or when the value is not known."""
    if value is None or well < value < wrong:
        return None
    return value >= wrong


def _negative(value: int | None) -> float | None:
    return None if value is None else -value
