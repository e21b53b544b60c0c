"""When all of a frame is searched for faces, and where a known face is expected in the next one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.face.detector import Region
from assistant.face.detectors.registry import DEFAULT, DETECTORS, detector_help
from assistant.geometry import BoundingBox
from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How faces are found."""

    detector: str = setting(
        DEFAULT,
        f"What detects faces: {detector_help()}",
        choices=tuple(DETECTORS),
    )
    full_scan_s: float = setting(
        2.0, "While one face is known, the whole picture is searched this often", unit="seconds", low=0.1, high=60
    )
    several_scan_s: float = setting(
        0.7, "While several people are seen, the whole picture is searched this often", unit="seconds", low=0.1, high=60
    )
    idle_scan_s: float = setting(
        0.1, "While no face is known, the whole picture is searched at most this often", unit="seconds", high=10
    )
    margin: float = setting(
        0.25, "How far around its last place a face is looked for", unit="widths of it", low=0.1, high=2
    )
    smallest: float = setting(
        0.85, "The narrowest that a known face may be, beside its last width", unit="times", low=0.3
    )
    largest: float = setting(
        1.18, "The widest that a known face may be, beside its last width", unit="times", low=1, high=3
    )


TICK_S = 1e-3
"""A recording's times are sums of fractions: less than this early is in time."""


class ScanSchedule:
    """When to search all of a frame, and where a known face is searched for; time is an argument, in seconds."""

    def __init__(self, settings: SearchSettings) -> None:
        self._settings = settings
        self._scanned_s = float("-inf")

    def is_due(self, now: float, people: int) -> bool:
        """Whether the whole frame is to be searched although a face is known, or though none was a moment ago."""
        chosen = self._settings
        every = (chosen.idle_scan_s, chosen.full_scan_s)[people] if people < 2 else chosen.several_scan_s
        return now - self._scanned_s >= every - TICK_S

    def scanned(self, now: float) -> None:
        """The whole frame of this time is searched."""
        self._scanned_s = now

    def region(self, box: BoundingBox) -> Region:
        """Where a face is to be expected that was in `box` a frame ago."""
        chosen = self._settings
        return Region(
            area=box.grown(chosen.margin),
            face_px=box.width,
            min_face_px=round(box.width * chosen.smallest),
            max_face_px=math.ceil(box.width * chosen.largest),
        )
