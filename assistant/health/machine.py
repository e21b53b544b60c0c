"""Finds the faults of the machine in its readings: each when it begins and when it ends.

This file does no input or output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.faults import Fault

HOT_C, COOLED_C = 80.0, 75.0
"""The machine is hot from the first on, and has cooled at the second, in degrees Celsius.

A Raspberry Pi slows itself down from 80 degrees on (raspberrypi.com, "Frequency management and thermal control").
"""

LEAST_FREE_BYTES, ENOUGH_FREE_BYTES = 20_000_000, 30_000_000
"""The disk is full at the first, and has room again at the second; the rendered phrases need 20 MB of it."""

WELL_READINGS = 6
"""A fault ends after this many good readings in a row: a weak power supply is low and good again every few seconds."""


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """One reading of the machine's state; None for what the machine does not report."""

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
        """How many good readings in a row there have been since, for each fault that was reported."""

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
    """Return for each fault whether it is there (None: as before), and the fault that reports its end."""
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
    """Return whether a value is at least `wrong`; None when it is between that and `well`, or not known."""
    if value is None or well < value < wrong:
        return None
    return value >= wrong


def _negative(value: int | None) -> float | None:
    return None if value is None else -value
