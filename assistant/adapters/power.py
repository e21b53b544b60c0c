"""The machine's own state, and switching it off: a Raspberry Pi's firmware tells of its voltage, Linux of its heat."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from assistant.errors import AssistantError
from assistant.health_watch import MachineHealth

TEMPERATURE = Path("/sys/class/thermal/thermal_zone0/temp")
"""Thousandths of a degree Celsius."""

THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
"""The firmware's bits in hexadecimal (raspberrypi.com, "vcgencmd"): 0 low voltage now, 1 to 3 slowed down now."""

LOW_VOLTAGE, SLOWED_DOWN = 0b0001, 0b1110
POWER_OFF_TIMEOUT_S = 20.0


class LinuxMachine:
    """Reads files that the kernel keeps; what it has none of is not known."""

    def __init__(self, disk: Path, *, temperature: Path = TEMPERATURE, throttled: Path = THROTTLED) -> None:
        """`disk` is a folder whose disk must not fill up."""
        self._disk = disk
        self._temperature = temperature
        self._throttled = throttled

    def health(self) -> MachineHealth:
        """How it is at this moment."""
        millidegrees = _number(self._temperature, 10)
        bits = _number(self._throttled, 16)
        return MachineHealth(
            temperature_c=None if millidegrees is None else millidegrees / 1000,
            voltage_is_low=None if bits is None else bool(bits & LOW_VOLTAGE),
            is_throttled=None if bits is None else bool(bits & SLOWED_DOWN),
            free_bytes=_free_bytes(self._disk),
        )

    def power_off(self) -> None:
        """Ask systemd to; AssistantError when it does not."""
        command = ["systemctl", "poweroff"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=POWER_OFF_TIMEOUT_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise AssistantError(f"{' '.join(command)}: failed: {error}") from error


class QuietMachine:
    """A machine of which nothing is known, for recordings: the same each time."""

    def health(self) -> MachineHealth:
        """Nothing."""
        return MachineHealth()

    def power_off(self) -> None:
        """Not done."""


def _number(path: Path, base: int) -> int | None:
    try:
        return int(path.read_text(encoding="ascii").strip(), base)
    except (OSError, ValueError):
        return None


def _free_bytes(folder: Path) -> int | None:
    """Of the disk that the folder is on, or will be."""
    existing = next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
    try:
        return shutil.disk_usage(existing).free
    except OSError:
        return None
