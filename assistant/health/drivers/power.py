"""Reads the machine's state, and switches the machine off.

The firmware of a Raspberry Pi reports its voltage, Linux its temperature, its memory and its disk.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
from pathlib import Path

from assistant.errors import AssistantError
from assistant.health.machine import MachineHealth

TEMPERATURE = Path("/sys/class/thermal/thermal_zone0/temp")
"""The file with the temperature, in thousandths of a degree Celsius."""

THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
"""The file with the firmware's bits, in hexadecimal (raspberrypi.com, "vcgencmd").

Bit 0 is low voltage now; bits 1 to 3 are slowed down now.
"""

MEMORY = Path("/proc/meminfo")
LITTLE_MEMORY_KB, ENOUGH_MEMORY_KB = 40_000, 60_000
"""Below the first, little memory is logged; it is logged again only after more than the second was available.

It is not said, because the wearer can do nothing about it. When the kernel ends the program, the wearer hears it start
again.
"""

LOW_VOLTAGE, SLOWED_DOWN = 0b0001, 0b1110
POWER_OFF_TIMEOUT_S = 20.0

logger = logging.getLogger(__name__)


class LinuxMachine:
    """A computer with Linux: its state is read from files of the kernel; what has no file is not known."""

    def __init__(
        self, disk: Path, *, temperature: Path = TEMPERATURE, throttled: Path = THROTTLED, memory: Path = MEMORY
    ) -> None:
        """Watch the disk of the folder `disk`, which must not become full."""
        self._disk = disk
        self._temperature = temperature
        self._throttled = throttled
        self._memory = memory
        self._memory_is_little = False

    def health(self) -> MachineHealth:
        """Return the machine's state now."""
        millidegrees = _number(self._temperature, 10)
        bits = _number(self._throttled, 16)
        self._watch_memory()
        return MachineHealth(
            temperature_c=None if millidegrees is None else millidegrees / 1000,
            voltage_is_low=None if bits is None else bool(bits & LOW_VOLTAGE),
            is_throttled=None if bits is None else bool(bits & SLOWED_DOWN),
            free_bytes=_free_bytes(self._disk),
        )

    def _watch_memory(self) -> None:
        available_kb = _available_kb(self._memory)
        if available_kb is None:
            return
        if available_kb < LITTLE_MEMORY_KB and not self._memory_is_little:
            logger.warning("little memory: %d MB are available", available_kb // 1000)
            self._memory_is_little = True
        elif available_kb > ENOUGH_MEMORY_KB:
            self._memory_is_little = False

    def power_off(self) -> None:
        """Ask systemd to switch the machine off; raise AssistantError when it does not."""
        command = ["systemctl", "poweroff"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=POWER_OFF_TIMEOUT_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise AssistantError(f"{' '.join(command)}: failed: {error}") from error


class QuietMachine:
    """A machine of which nothing is known, so that a recording gives the same result each time."""

    def health(self) -> MachineHealth:
        """Return a state in which nothing is known."""
        return MachineHealth()

    def power_off(self) -> None:
        """Do nothing."""


def _number(path: Path, base: int) -> int | None:
    try:
        return int(path.read_text(encoding="ascii").strip(), base)
    except (OSError, ValueError):
        return None


def _available_kb(file: Path) -> int | None:
    """Return how much memory programs can still take without swapping, as the kernel estimates it."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), None)


def _free_bytes(folder: Path) -> int | None:
    """Return the free bytes of the disk that the folder is on, or will be on."""
    existing = next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
    try:
        return shutil.disk_usage(existing).free
    except OSError:
        return None
