"""Reads the battery that the kernel knows, in /sys/class/power_supply.

The files are described in the kernel's Documentation/ABI/testing/sysfs-class-power.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from assistant.errors import BatteryError
from assistant.health.battery import Charge

FOLDER = Path("/sys/class/power_supply")

_CHARGES = {"Charging": True, "Discharging": False, "Full": False}
"""What the file `status` says; every other word means that it is not known."""


class PowerSupply:
    """The batteries of the machine itself; those of mice and headphones (scope Device) do not count."""

    name = "the kernel's power supply"

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def read(self) -> Charge | None:
        """Return the charge, for several batteries their mean; None when there is no battery.

        BatteryError is raised when a battery does not say how full it is.
        """
        charges = [_charge(battery) for battery in self._batteries()]
        if not charges:
            return None
        known = [each.is_charging for each in charges]
        is_charging = True if True in known else None if None in known else False
        return Charge(fmean(each.percent for each in charges), is_charging)

    def close(self) -> None:
        """Do nothing: each reading opens its files anew."""

    def _batteries(self) -> Iterator[Path]:
        try:
            found = sorted(self._folder.iterdir())
        except OSError:
            return
        for each in found:
            is_ours = _text(each / "type") == "Battery" and _text(each / "scope") in ("", "System")
            if is_ours and _text(each / "present") != "0":
                yield each


def _charge(battery: Path) -> Charge:
    capacity = _text(battery / "capacity")
    try:
        return Charge.checked(float(capacity), _CHARGES.get(_text(battery / "status")))
    except ValueError:
        raise BatteryError(f"{battery}/capacity: {capacity!r} is not a percentage") from None


def _text(file: Path) -> str:
    """Return the content of a file without its line end; an empty text when it cannot be read."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
