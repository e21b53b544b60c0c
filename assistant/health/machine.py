"""Whether the machine is well: pure; names each trouble when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.faults import Fault

HOT_C, COOLED_C = 80.0, 75.0
"""A Pi slows itself down from 80 degrees on (raspberrypi.com, "Frequency management and thermal control")."""

LEAST_FREE_BYTES, ENOUGH_FREE_BYTES = 20_000_000, 30_000_000
"""Of the disk with the rendered phrases, which need 20 MB."""


WELL_READINGS = 6
"""So many in a row must be well before that is told: a weak power supply is low and well again every few seconds."""


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """What the machine says of itself; None where it does not say."""

    temperature_c: float | None = None
    voltage_is_low: bool | None = None
    is_throttled: bool | None = None
    free_bytes: int | None = None


class Machine(Protocol):
    """The computer that it runs on."""

    def health(self) -> MachineHealth:
        """How it is."""

    def power_off(self) -> None:
        """Switch it off."""


class HealthWatch:
    """Compares each reading with what was told before."""

    def __init__(self) -> None:
        self._told: dict[Fault, int] = {}
        """With how many readings have been well since."""

    def update(self, health: MachineHealth) -> list[Fault]:
        """Faults that have begun or ended with this reading."""
        changes = []
        for fault, (is_wrong, end) in _judged(health).items():
            if is_wrong:
                changes += [] if fault in self._told else [fault]
                self._told[fault] = 0
            elif is_wrong is False and fault in self._told:
                self._told[fault] += 1
                if self._told[fault] >= WELL_READINGS:
                    del self._told[fault]
                    changes.append(end)
        return changes


def _judged(health: MachineHealth) -> Mapping[Fault, tuple[bool | None, Fault]]:
    """Of each fault whether it is there, None where it may stay as it was told; and what tells its end."""
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
    """Whether a value is as high as `wrong`; None where it is between that and `well`, or not known."""
    if value is None or well < value < wrong:
        return None
    return value >= wrong


def _negative(value: int | None) -> float | None:
    return None if value is None else -value
