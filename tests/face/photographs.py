"""A face whose place is known, for the tests."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.detector import Region
from assistant.face.detectors.registry import DETECTORS
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.geometry import BoundingBox
from tests.clips import astronaut_gray, room

Gray = npt.NDArray[np.uint8]

EVERY_DETECTOR = list(DETECTORS)

FACE = BoundingBox(177, 66, 95, 95)
"""Where OpenCV's cascade at full size finds the astronaut's face, on x86-64 and arm64 alike."""


def region(box: BoundingBox) -> Region:
    """Where a face is expected that was there."""
    return ScanSchedule(SearchSettings()).region(box)


def frame_with(*places: tuple[float, float], scale: float = 1.0, roll_deg: float = 0.0) -> Gray:
    """A frame with the astronaut's face, 95 pixels wide, about each of these middles, leaning clockwise."""
    frame = room()
    for x, y in places:
        turn = cv2.getRotationMatrix2D((224.5, 113.5), -roll_deg, scale)
        turn[:, 2] += (x - 224.5, y - 113.5)
        mask = cv2.ellipse(np.zeros((512, 512), np.uint8), (224, 125), (85, 110), 0, 0, 360, 255, -1)
        face, there = (cv2.warpAffine(each, turn, (640, 480)) for each in (astronaut_gray(), mask))
        frame = np.where(there > 0, face, frame)
    return np.asarray(frame, np.uint8)
