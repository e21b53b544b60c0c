"""Frames with a photographed face at a known place."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.detector import Detection, Region
from assistant.face.detectors.registry import DETECTORS
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.geometry import BoundingBox
from tests.builders.clips import astronaut_gray, room

Gray = npt.NDArray[np.uint8]

EVERY_DETECTOR = list(DETECTORS)

FACE = BoundingBox(177, 66, 95, 95)
"""OpenCV's cascade finds the astronaut's face here, at full size, on x86-64 and on arm64."""


def region(box: BoundingBox) -> Region:
    """Return the region in which the detector looks again for a face that was at this box."""
    return ScanSchedule(SearchSettings()).region(box)


def frame_with(*places: tuple[float, float], scale: float = 1.0, roll_deg: float = 0.0) -> Gray:
    """Draw a frame with the astronaut's face, 95 pixels wide, around each of these centres, rolled clockwise."""
    frame = room()
    for x, y in places:
        turn = cv2.getRotationMatrix2D((224.5, 113.5), -roll_deg, scale)
        turn[:, 2] += (x - 224.5, y - 113.5)
        mask = cv2.ellipse(np.zeros((512, 512), np.uint8), (224, 125), (85, 110), 0, 0, 360, 255, -1)
        face, there = (cv2.warpAffine(each, turn, (640, 480)) for each in (astronaut_gray(), mask))
        frame = np.where(there > 0, face, frame)
    return np.asarray(frame, np.uint8)


def sure(detections: Sequence[Detection]) -> list[Detection]:
    """Return the detections that count as faces if nothing else speaks for or against them."""
    return [each for each in detections if each.evidence is None or each.evidence >= 0]
