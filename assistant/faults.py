"""The faults of the headset: each fault is reported once, and its end is reported once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """A fault, or the end of a fault; the values are keys of phrases."""

    CAMERA_LOST = "camera_lost"
    CAMERA_STALLED = "camera_stalled"
    CAMERA_COVERED = "camera_covered"
    CAMERA_BACK = "camera_back"
    SOUND_GONE = "sound_gone"
    SOUND_BACK = "sound_back"
    LOW_VOLTAGE = "low_voltage"
    VOLTAGE_BACK = "voltage_back"
    HOT = "hot"
    COOLED = "cooled"
    THROTTLED = "throttled"
    FULL_SPEED = "full_speed"
    BATTERY_LOW = "battery_low"
    BATTERY_RECOVERS = "battery_recovers"
    DISK_FULL = "disk_full"
    DISK_FREE = "disk_free"
    BUTTON_STUCK = "button_stuck"
    BUTTON_FREE = "button_free"


SUBJECTS: Mapping[str, tuple[tuple[Fault, ...], Fault]] = {
    "camera": ((Fault.CAMERA_LOST, Fault.CAMERA_STALLED, Fault.CAMERA_COVERED), Fault.CAMERA_BACK),
    "sound": ((Fault.SOUND_GONE,), Fault.SOUND_BACK),
    "voltage": ((Fault.LOW_VOLTAGE,), Fault.VOLTAGE_BACK),
    "heat": ((Fault.HOT,), Fault.COOLED),
    "speed": ((Fault.THROTTLED,), Fault.FULL_SPEED),
    "battery": ((Fault.BATTERY_LOW,), Fault.BATTERY_RECOVERS),
    "disk": ((Fault.DISK_FULL,), Fault.DISK_FREE),
    "button": ((Fault.BUTTON_STUCK,), Fault.BUTTON_FREE),
}
"""For each subject: the faults that it can have, and the member that says that it works again."""

NO_PICTURES = (Fault.CAMERA_LOST, Fault.CAMERA_STALLED)
"""While one of these lasts, no frames come."""


def subject_of(fault: Fault) -> str:
    """Return the subject of a fault, or of the end of a fault."""
    return next(subject for subject, (wrong, well) in SUBJECTS.items() if fault in (*wrong, well))


def end_of(fault: Fault) -> Fault:
    """Return the member that says that a fault is over."""
    return SUBJECTS[subject_of(fault)][1]


class Faults:
    """Remembers which faults last."""

    def __init__(self) -> None:
        self._wrong: dict[str, Fault] = {}

    def tell(self, fault: Fault) -> bool:
        """Remember a fault, or its end; return whether anything has changed by it."""
        subject = subject_of(fault)
        if fault is SUBJECTS[subject][1]:
            return self._wrong.pop(subject, None) is not None
        known = self._wrong.get(subject)
        self._wrong[subject] = fault
        return known is not fault

    def active(self) -> tuple[Fault, ...]:
        """Return the faults that last, in the order in which they began."""
        return tuple(self._wrong.values())
