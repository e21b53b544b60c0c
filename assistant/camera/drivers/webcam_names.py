"""Finds the /dev/videoN that is meant: by a number, which may change from day to day, by a path, or by udev's name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import CameraError

DEVICES = Path("/dev")
LINKS = ("v4l/by-id", "v4l/by-path")
"""Folders in which udev names each webcam: by its maker and serial number, and by its socket."""

MOST_DIGITS = 3
"""The number of a /dev/videoN has at most this many digits."""

LONGEST_NAME = 255


def webcams(devices: Path = DEVICES) -> list[int]:
    """Return the numbers N of all /dev/videoN."""
    numbers = (_number(path) for path in devices.glob("video*"))
    return sorted(number for number in numbers if number is not None)


def named_webcams(devices: Path = DEVICES) -> Mapping[str, Path]:
    """Return udev's names, which stay with a webcam or with its socket, and their links."""
    return {link.name: link for folder in LINKS for link in sorted(devices.glob(f"{folder}/*"))}


def is_webcam_name(name: str) -> bool:
    """Return whether this can be the number, the path or the name of a webcam, which may be missing."""
    if name.isdecimal():
        return _is_number(name)
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()


def webcam_number(name: str, devices: Path = DEVICES) -> int:
    """Return the N of the /dev/videoN that this means now; CameraError where it is missing."""
    device = _device(name, devices)
    if not device.exists():
        raise CameraError(f"webcam {name}: there is no {device}; is it plugged in?")
    number = _number(device.resolve())
    if number is None:
        raise CameraError(f"webcam {name}: {device} is not a webcam; name a /dev/videoN or a link to one")
    return number


def _device(name: str, devices: Path) -> Path:
    if _is_number(name):
        return devices / f"video{int(name)}"
    if "/" in name:
        return Path(name)
    links = named_webcams(devices)
    if name not in links:
        known = ", ".join(links) or "no webcam"
        raise CameraError(f"webcam {name}: no webcam has this name; {devices}/v4l has {known}")
    return links[name]


def _number(device: Path) -> int | None:
    """Return the N of a /dev/videoN."""
    digits = device.name.removeprefix("video")
    return int(digits) if device.name.startswith("video") and _is_number(digits) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
