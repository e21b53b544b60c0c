"""Facts of the machine and its software: versions, board, memory, heat, sound cards, lines of config.txt."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from assistant.cli.report.measured import MissingError, output_of
from assistant.speech.drivers.board_check import CONFIG_FILES
from assistant.speech.drivers.sound_cards import sound_cards

PACKAGES = (
    "emotion-assistant",
    "ai-edge-litert",
    "tflite-runtime",
    "numpy",
    "opencv-python-headless",
    "pyttsx3",
    "gpiozero",
    "tomlkit",
    "starlette",
    "uvicorn",
)
DEBIAN_PACKAGES = (
    "emotion-assistant",
    "python3-picamera2",
    "python3-lgpio",
    "libcamera-ipa",
    "espeak-ng",
    "alsa-utils",
    "linux-image-rpi*",
    "raspi-firmware",
)

THROTTLED = ("low voltage", "frequency capped", "throttled", "soft temperature limit")
"""The firmware's bits: from bit 0 on now, from bit 16 on since the start (raspberrypi.com, vcgencmd get_throttled)."""


def versions() -> str:
    """Return the versions of the program, of Python and of the packages."""
    lines = [f"Python {platform.python_version()}, {sys.prefix}"]
    for name in PACKAGES:
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return "\n".join([*lines, *debian_packages()])


def debian_packages() -> Sequence[str]:
    """Return the versions of the installed packages from apt; none where there is no dpkg."""
    form = "${db:Status-Status} ${Package} ${Version}\n"
    try:
        listed = output_of(["dpkg-query", "-W", "-f", form, *DEBIAN_PACKAGES], may_fail=True)
    except MissingError:
        return ()
    return [f"apt: {line.partition(' ')[2]}" for line in listed.splitlines() if line.startswith("installed ")]


def machine() -> str:
    """Return the model, the system, the memory and the room on the disk."""
    return "\n".join([model(), system(), memory(), disk()])


def model() -> str:
    """Return the model of the Raspberry Pi, or the kind of another machine's processor."""
    try:
        return Path("/proc/device-tree/model").read_text(encoding="utf-8").rstrip("\0")
    except OSError:
        return f"no Raspberry Pi: {platform.machine()}, {os.cpu_count()} processors"


def system() -> str:
    """Return the operating system's name, its kernel, and for how long it has run."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    name = re.search(r'^PRETTY_NAME="?([^"\n]*)', release, re.MULTILINE)
    up_s = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    kernel = f"Linux {platform.release()} {platform.machine()}"
    return f"{name[1] if name else 'unknown'}, {kernel}, up for {up_s / 3600:.1f} hours"


def memory() -> str:
    """Return how much memory and swap there is, and how much is free."""
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    kb = {name: int(value) for name, value in re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)}
    swap = f"{kb['SwapFree'] // 1000} of {kb['SwapTotal'] // 1000} MB of swap"
    return f"{kb['MemAvailable'] // 1000} of {kb['MemTotal'] // 1000} MB of memory are available, {swap} are free"


def disk() -> str:
    """Return how much room the root file system has, and whether it can be written."""
    usage = shutil.disk_usage("/")
    read_only = os.statvfs("/").f_flag & os.ST_RDONLY
    return f"{usage.free // 10**6} of {usage.total // 10**6} MB of disk are free{', read-only' if read_only else ''}"


def heat() -> str:
    """Return the temperature, and the firmware's reports of voltage and throttling."""
    try:
        degrees = int(Path("/sys/class/thermal/thermal_zone0/temp").read_text(encoding="ascii")) / 1000
        found = [f"{degrees:.1f} °C"]
    except OSError:
        found = ["no temperature: the kernel has no thermal zone"]
    files = ", ".join(map(str, Path("/sys/devices/platform").rglob("get_throttled"))) or "none"
    try:
        bits = int(output_of(["vcgencmd", "get_throttled"]).partition("=")[2], 16)
        found.append(throttling(bits) + f" (file: {files})")
    except MissingError as reason:
        found.append(f"no throttling: {reason}")
    return ", ".join(found)


def throttling(bits: int) -> str:
    """Return the firmware's bits in words."""
    now = [name for number, name in enumerate(THROTTLED) if bits >> number & 1]
    since = [name for number, name in enumerate(THROTTLED) if bits >> (16 + number) & 1]
    return f"now {' and '.join(now) or 'nothing'}, since the start {' and '.join(since) or 'nothing'}"


def cameras() -> str:
    """Return the names of the cameras, without those of sound outputs, which may be named after a person."""
    from assistant.camera.drivers.picamera import has_picamera2
    from assistant.camera.drivers.webcam_names import named_webcams, webcams

    picamera = ["picamera2 is installed"] if has_picamera2() else ["picamera2 is not installed"]
    return "\n".join([*picamera, *(f"webcam:{name}" for name in (*webcams(), *named_webcams()))])


def sound() -> str:
    """Return the kernel's sound cards that can play, with the boards that they may be."""
    lines = [
        f"card {card.number}: {card.name}, {card.driver}" + (f", board {' or '.join(names)}" if names else "")
        for card in sound_cards()
        if (names := card.boards()) is not None
    ]
    return "\n".join(lines) or "no sound card"


def firmware_lines(files: Sequence[Path] = CONFIG_FILES) -> str:
    """Return the lines of config.txt that count."""
    for file in files:
        if file.is_file():
            lines = [line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
            return "\n".join([str(file), *(line for line in lines if line and not line.startswith("#"))])
    raise MissingError(f"there is no {' and no '.join(map(str, files))}")
