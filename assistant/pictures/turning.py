"""Turns pictures upright."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]

CODES = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn by 0, 90, 180 or 270 degrees clockwise, after which left and right may be exchanged."""

    clockwise_deg: int = 0
    mirror: bool = False

    def of(self, gray: Gray) -> Gray:
        """Return the picture, turned."""
        if self.clockwise_deg:
            gray = np.asarray(cv2.rotate(gray, CODES[self.clockwise_deg]), dtype=np.uint8)
        return np.asarray(cv2.flip(gray, 1), dtype=np.uint8) if self.mirror else gray
