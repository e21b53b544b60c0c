"""Follows a face from the frame in which it was detected to the next ones, by its looks and without a detector."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.detector import Detection
from assistant.face.shrinking import shrunk
from assistant.geometry import BoundingBox

Gray = npt.NDArray[np.uint8]

TEMPLATE_PX = 24
"""The face is compared at this width."""

REACH = 0.25
"""A face is followed this share of its width to each side."""

LEAST_LIKENESS = 0.9
"""A place whose picture is less like the face is not taken for it: then the face must be detected anew."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A face in a later frame."""

    detection: Detection
    """The detection, moved; its score and its evidence are those of the frame in which it was detected."""
    likeness: float
    """The correlation of both pictures of the face, `LEAST_LIKENESS` to 1."""


class FaceFollower:
    """Follows one face: `begin` in the frame in which it was detected, then `follow` in each frame after it."""

    def __init__(self) -> None:
        self._template: Gray | None = None
        self._detection: Detection | None = None

    def begin(self, gray: Gray, detection: Detection) -> None:
        """Remember the face of a detection in a gray frame [height, width]."""
        self._detection, self._template = detection, _template(gray, detection.box)

    def forget(self) -> None:
        """Forget the face."""
        self._detection = self._template = None

    def follow(self, gray: Gray) -> Followed | None:
        """Return the face in this frame; None where nothing near its last place looks like it."""
        if self._template is None or self._detection is None:
            return None
        box = self._detection.box
        area = box.grown(REACH).clipped(gray.shape[1], gray.shape[0])
        if area is None:
            return None
        factor = TEMPLATE_PX / box.width
        size = (round(area.width * factor), round(area.height * factor))
        if min(size) < TEMPLATE_PX:
            return None
        searched = shrunk(area.crop(gray), size)
        likeness = cv2.matchTemplate(searched, self._template, cv2.TM_CCOEFF_NORMED)
        _, best, _, (across, down) = cv2.minMaxLoc(likeness)
        if not LEAST_LIKENESS <= best <= 1.0 + 1e-3:  # a flat picture gives infinity, or no number
            return None
        left = area.x + (across + _between(likeness[down], across)) * area.width / size[0]
        top = area.y + (down + _between(likeness[:, across], down)) * area.height / size[1]
        return Followed(_moved(self._detection, round(left) - box.x, round(top) - box.y), min(1.0, float(best)))


def _template(gray: Gray, box: BoundingBox) -> Gray | None:
    """Return the face at `TEMPLATE_PX`; None where a part of it lies outside of the frame, or where it is too small."""
    if box.clipped(gray.shape[1], gray.shape[0]) != box or box.width < TEMPLATE_PX:
        return None
    return shrunk(box.crop(gray), (TEMPLATE_PX, TEMPLATE_PX))


def _between(values: npt.NDArray[np.generic], place: int) -> float:
    """Return where between its neighbours the greatest of the values lies, -0.5 to 0.5: the top of a parabola."""
    if not 0 < place < len(values) - 1:
        return 0.0
    before, top, after = (float(value) for value in values[place - 1 : place + 2])
    bend = before - 2 * top + after
    return 0.0 if bend >= 0 or not math.isfinite(bend) else 0.5 * (before - after) / bend


def _moved(detection: Detection, right: int, down: int) -> Detection:
    points = None if detection.points is None else tuple((x + right, y + down) for x, y in detection.points)
    return replace(detection, box=detection.box.moved(right, down), points=points)
