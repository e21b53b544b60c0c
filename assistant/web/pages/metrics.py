"""The figures of the machine and the headset."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from assistant.health.battery import Charge
from assistant.health.machine import MachineHealth
from assistant.web.site import Site

PACKAGES = ("emotion-assistant", "numpy", "opencv-python-headless", "ai-edge-litert", "starlette", "uvicorn")
STALE_S = 15.0
"""A headset that has had no picture for this long is not well."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures at one moment; None where a figure is not known."""

    running_s: float
    machine: MachineHealth
    memory_bytes: int | None
    has_headset: bool = False
    pictures_a_second: float = 0.0
    silent_s: float = 0.0
    frames: int = 0
    dropped: int = 0
    said: int = 0
    faces: int = 0
    viewers: int = 0
    mode: str = ""
    volume: float = 0.0
    muted: bool = False
    charge: Charge | None = None

    @property
    def is_well(self) -> bool:
        """True when the headset receives pictures, or when there is no headset and the page alone is served."""
        return not self.has_headset or self.silent_s < STALE_S


def metrics_of(site: Site) -> Metrics:
    """Return the present figures."""
    running_s = time.monotonic() - site.started_s
    if site.headset is None:
        return Metrics(running_s, site.machine.health(), memory_bytes())
    reading = site.headset.service.components.battery.latest()
    feed, components = site.headset.feed, site.headset.service.components
    return Metrics(
        running_s,
        site.machine.health(),
        memory_bytes(),
        has_headset=True,
        pictures_a_second=feed.pictures_a_second(),
        silent_s=min(feed.silent_s(), running_s),
        frames=feed.counts.frames,
        dropped=components.vision.dropped,
        said=feed.counts.said,
        faces=feed.counts.faces,
        viewers=feed.viewers,
        mode=str(components.announcer.mode),
        volume=components.voice.volume,
        muted=components.voice.muted,
        charge=None if reading is None else reading.charge,
    )


def memory_bytes(status: Path = Path("/proc/self/status")) -> int | None:
    """Return the resident memory of this program in bytes; None when it is not known."""
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), None)


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of the program and of the software that it uses."""
    found = {"Python": platform.python_version(), "Linux": platform.release()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
