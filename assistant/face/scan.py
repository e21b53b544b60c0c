"""When the whole frame is searched for faces, and where a known face is expected in the next search."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.face.detector import Region
from assistant.face.detectors.registry import DEFAULT, DETECTORS, detector_help
from assistant.geometry import BoundingBox
from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How faces are detected, and how often the whole frame is searched."""

    detector: str = setting(
        DEFAULT,
        f"What detects faces: {detector_help()}",
        choices=tuple(DETECTORS),
    )
    full_scan_s: float = setting(
        2.0,
        "Time between two searches of the whole frame while one face is known; "
        "with a larger value a second person is noticed later, and less power is used",
        unit="seconds",
        low=0.1,
        high=60,
    )
    several_scan_s: float = setting(
        0.7,
        "Time between two searches of the whole frame while several people are seen; "
        "with a larger value a change among them is noticed later, and less power is used",
        unit="seconds",
        low=0.1,
        high=60,
    )
    idle_scan_s: float = setting(
        0.1,
        "Shortest time between two searches of the whole frame while no face is known; "
        "with a larger value a new face is noticed later, and less power is used",
        unit="seconds",
        high=10,
    )
    still_scan_s: float = setting(
        1.0,
        "Shortest time between two searches of the whole frame after a long time in which nobody was there and nothing "
        "moved; a movement ends it; with a larger value less power is used",
        unit="seconds",
        high=10,
    )
    near_scan_s: float = setting(
        0.13,
        "Shortest time between two searches around a known face, which is followed by its looks meanwhile; "
        "with a larger value less power is used, but a turned head is noticed later; with 0 each frame is searched",
        unit="seconds",
        high=1,
    )
    margin: float = setting(
        0.25,
        "Border around the last place of a known face that is searched for it the next time; "
        "a larger value follows faster movements, but takes longer",
        unit="face widths",
        low=0.1,
        high=2,
    )
    smallest: float = setting(
        0.85,
        "Smallest width that a known face may have in the next search; a larger value takes less time, "
        "but loses a face that moves away fast",
        unit="times its last width",
        low=0.3,
    )
    largest: float = setting(
        1.18,
        "Largest width that a known face may have in the next search; a larger value takes longer, "
        "but follows a face that comes near fast",
        unit="times its last width",
        low=1,
        high=3,
    )


TICK_S = 1e-3
"""The times of a recording are sums of fractions: a search is due this much early."""


class ScanSchedule:
    """Says when to search the whole frame, and where to search for a known face; time is an argument, in seconds."""

    def __init__(self, settings: SearchSettings) -> None:
        self._settings = settings
        self._scanned_s = self._near_s = float("-inf")

    def is_near_due(self, now: float) -> bool:
        """Return whether to search around the known face now, instead of following it by its looks."""
        return now - self._near_s >= self._settings.near_scan_s - TICK_S

    def searched_near(self, now: float) -> None:
        """Note that the surroundings of the known face at this time are searched."""
        self._near_s = now

    def is_due(self, now: float, people: int, *, still: bool = False) -> bool:
        """Return whether to search the whole frame now.

        `people` is how many people are known; `still` says that nobody has been there and nothing moves.
        """
        chosen = self._settings
        every = (chosen.idle_scan_s, chosen.full_scan_s)[people] if people < 2 else chosen.several_scan_s
        if still and not people:
            every = max(every, chosen.still_scan_s)
        return now - self._scanned_s >= every - TICK_S

    def scanned(self, now: float) -> None:
        """Note that the whole frame of this time is searched."""
        self._scanned_s = now

    def region(self, box: BoundingBox) -> Region:
        """Return where to expect a face that was in `box` in the frame before."""
        chosen = self._settings
        return Region(
            area=box.grown(chosen.margin),
            face_px=box.width,
            min_face_px=round(box.width * chosen.smallest),
            max_face_px=math.ceil(box.width * chosen.largest),
        )
