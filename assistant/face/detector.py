"""The port for a face detector: it takes a gray frame and returns detections, each with box, score and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.face.pose import HeadPose
from assistant.geometry import BoundingBox

Point = tuple[float, float]

SAME_PLACE = 0.3
"""Two detections whose boxes overlap by at least this share are of the same face."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that was found in a frame."""

    box: BoundingBox
    """A square that frames the face as the frontal Haar cascade does: the emotion network learned from such squares.

    Its sides are parallel to the frame's. A head that leans must be turned upright around the middle of the square.
    """
    score: float = 1.0
    """How sure the detector is that this is a face, 0 to 1; 1 from a detector that gives no score."""
    evidence: float | None = None
    """Log odds that this is a face, where 0 is the detector's threshold; None when the detector gives no log odds."""
    points: tuple[Point, ...] | None = None
    """(x, y) in frame pixels: right eye, left eye, nose, right and left corner of the mouth, from the person's view."""
    pose: HeadPose | None = None
    """Which way the head is turned, from the points."""

    is_upright: bool = False
    """Whether the detector finds only upright heads; such a face is classified without turning it."""

    @property
    def roll_deg(self) -> float:
        """How far the face leans in its box, clockwise in the picture; 0 without a pose, or in an upright box."""
        return 0.0 if self.pose is None or self.is_upright else self.pose.roll_deg

    @property
    def yaw_deg(self) -> float:
        """How far the head is turned to a side; 0 without a pose, or in an upright box, where it is never large."""
        return 0.0 if self.pose is None or self.is_upright else self.pose.yaw_deg


@dataclass(frozen=True, slots=True)
class Region:
    """The area in which a known face is expected, and the widths that it may have, in frame pixels."""

    area: BoundingBox
    face_px: int
    min_face_px: int
    max_face_px: int


class FaceDetector(Protocol):
    """Detects faces in a frame."""

    def detect(
        self, gray: npt.NDArray[np.uint8], region: Region | None = None, known: Sequence[Detection] = ()
    ) -> Sequence[Detection]:
        """Return the faces of a gray frame [height, width], or of a region of it.

        `known` are the faces that were already found in this frame: the detector may leave them out.
        """


def distinct(detections: Sequence[Detection]) -> list[Detection]:
    """Return the first detection of each face, in their order."""
    kept: list[Detection] = []
    for each in detections:
        if all(each.box.overlap(one.box) < SAME_PLACE for one in kept):
            kept.append(each)
    return kept
