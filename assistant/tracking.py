"""The one person in front, kept from frame to frame, and where to look for them next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.geometry import BoundingBox
from assistant.ports import SearchArea
from assistant.setting import setting

SAME_FACE_OVERLAP = 0.25
"""Intersection over union above which a box is the face that was there before."""


TICK_S = 1e-3
"""A recording's times are sums of fractions: less than this early is in time."""


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """Where faces are looked for."""

    search_width_px: int = setting(
        320, "Pictures are searched for faces at this width", unit="pixels", low=160, high=1920
    )
    full_scan_s: float = setting(
        1.0, "A face being known, the whole picture is searched this often", unit="seconds", low=0.1, high=60
    )
    idle_scan_s: float = setting(
        0.1, "No face being found, the whole picture is searched at most this often", unit="seconds", high=10
    )
    margin: float = setting(
        0.5, "How far around its last place a face is looked for", unit="widths of it", low=0.1, high=2
    )
    smallest: float = setting(0.75, "How much narrower than last time it may be", unit="times", low=0.3)
    largest: float = setting(1.35, "How much wider", unit="times", low=1, high=3)


class FaceTracker:
    """Remembers the face in front; time is an argument, in seconds."""

    def __init__(self, settings: TrackingSettings, forget_s: float) -> None:
        """A face that was away for longer than `forget_s` is another one."""
        self._settings = settings
        self._forget_s = forget_s
        self._box: BoundingBox | None = None
        self._last: BoundingBox | None = None
        self._found_s = float("-inf")
        self._full_scan_s = float("-inf")

    def should_look(self, now: float) -> bool:
        """False while it is unknown where the face is and the whole frame was searched a moment ago."""
        return self._box is not None or now - self._full_scan_s >= self._settings.idle_scan_s - TICK_S

    def area(self, now: float) -> SearchArea | None:
        """Where to look first: around the last box, or everywhere (None)."""
        if self._box is None or now - self._full_scan_s >= self._settings.full_scan_s:
            return None
        return SearchArea(
            self._box.grown(self._settings.margin),
            round(self._box.width * self._settings.smallest),
            round(self._box.width * self._settings.largest),
        )

    def update(
        self, now: float, boxes: Sequence[BoundingBox], frame_width: int, *, everywhere: bool
    ) -> BoundingBox | None:
        """Take what was found and return the face in front; after an empty look the next one is everywhere."""
        if everywhere:
            self._full_scan_s = now
        chosen = self._same_face(boxes)
        if chosen is None and (now - self._found_s > self._forget_s or self._moved_on(boxes)):
            chosen = in_front(boxes, frame_width)
        if chosen is not None:
            self._found_s = now
            self._last = chosen
        self._box = chosen
        return chosen

    def _same_face(self, boxes: Sequence[BoundingBox]) -> BoundingBox | None:
        if self._last is None or not boxes:
            return None
        best = max(boxes, key=self._last.overlap)
        return best if self._last.overlap(best) >= SAME_FACE_OVERLAP else None

    def _moved_on(self, boxes: Sequence[BoundingBox]) -> bool:
        """Whether the only face there is can be the last one after a quick move."""
        return len(boxes) == 1 and self._last is not None and self._last.distance(boxes[0]) < self._last.width


def in_front(boxes: Sequence[BoundingBox], frame_width: int) -> BoundingBox | None:
    """The largest box, where one at the edge of the frame counts half as much as one in the middle."""

    def weight(box: BoundingBox) -> float:
        aside = abs(box.center[0] - frame_width / 2) / (frame_width / 2)
        return box.width * (1.0 - 0.5 * min(1.0, aside))

    return max(boxes, key=weight, default=None)
