"""What the headset needs of a face detector: given a gray frame, it finds faces, each with a box, score and points."""

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
"""Overlap of their boxes from which on two detections are of one face."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that was found in a frame."""

    box: BoundingBox
    """A square as the frontal Haar cascade frames faces, whoever found it: the emotion network learned from such.

    Its sides are the frame's; a head that leans is to be turned upright about the middle of the square.
    """
    score: float = 1.0
    """How surely it is a face, 0 to 1; 1 from a detector that does not tell."""
    evidence: float | None = None
    """Log odds that it is a face, from 0 on enough if nobody else is asked; None from a detector that does not tell."""
    points: tuple[Point, ...] | None = None
    """(x, y) in frame pixels: right eye, left eye, nose, right and left corner of the mouth, as the person has them."""
    pose: HeadPose | None = None
    """Where the head is turned, told from the points."""

    is_upright: bool = False
    """Whether a detector that knows upright heads alone drew the box: then it is judged as it stands."""

    @property
    def roll_deg(self) -> float:
        """How far the face leans in its box, clockwise in the picture; 0 without a pose, or in an upright box."""
        return 0.0 if self.pose is None or self.is_upright else self.pose.roll_deg

    @property
    def yaw_deg(self) -> float:
        """How far the head is turned to a side; 0 without a pose, or in an upright box, which shows none turned far."""
        return 0.0 if self.pose is None or self.is_upright else self.pose.yaw_deg


@dataclass(frozen=True, slots=True)
class Region:
    """Where a known face is expected, and how wide, in frame pixels."""

    area: BoundingBox
    face_px: int
    min_face_px: int
    max_face_px: int


class FaceDetector(Protocol):
    """Finds faces."""

    def detect(
        self, gray: npt.NDArray[np.uint8], region: Region | None = None, known: Sequence[Detection] = ()
    ) -> Sequence[Detection]:
        """Find the faces of a gray frame [height, width], or of a region of it.

        `known` were found in this frame before: the detector may find them again, and need not search for them.
        """


def distinct(detections: Sequence[Detection]) -> list[Detection]:
    """Each face once, as it stands first."""
    kept: list[Detection] = []
    for each in detections:
        if all(each.box.overlap(one.box) < SAME_PLACE for one in kept):
            kept.append(each)
    return kept
