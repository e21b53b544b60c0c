"""OpenCV's Haar cascade for frontal faces.

P. Viola and M. Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001; the cascade
file is R. Lienhart's, shipped with OpenCV.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import DetectorError
from assistant.geometry import BoundingBox
from assistant.ports import SearchArea

CASCADE = "haarcascade_frontalface_default.xml"
DEBIAN_CASCADES = Path("/usr/share/opencv4/haarcascades")
"""Where Debian's opencv-data puts them; its python3-opencv has no `cv2.data`."""

SCALE_FACTOR = 1.2
MIN_NEIGHBOURS = 5
"""Of overlapping hits; with 3, curtains and leaves become faces."""

MIN_FACE_PX = 30
"""In the searched picture; the cascade's own window is 24."""

NEAR_SCALE_FACTOR = 1.1
"""Around a known face, where the sizes to try are few."""


def cascade_file() -> Path:
    """Where the cascade is; DetectorError when it is nowhere."""
    packaged = getattr(cv2, "data", None)
    folders = [*([Path(packaged.haarcascades)] if packaged else []), DEBIAN_CASCADES]
    for folder in folders:
        if (folder / CASCADE).is_file():
            return folder / CASCADE
    raise DetectorError(
        f"{CASCADE} is not there: pip install 'opencv-python-headless>=4.6,<5' or apt install opencv-data"
    )


class HaarFaceDetector:
    """Searches pictures that are shrunk to at most `search_width_px` pixels; boxes are in frame pixels."""

    def __init__(self, search_width_px: int = 320) -> None:
        if not hasattr(cv2, "CascadeClassifier"):
            raise DetectorError(f"OpenCV {cv2.__version__} has no cascades: pip install 'opencv-python-headless<5'")
        cv2.setNumThreads(1)  # more threads cost more than they bring on pictures this small
        self._cascade = cv2.CascadeClassifier(str(cascade_file()))
        self._search_width_px = search_width_px

    def detect(self, gray: npt.NDArray[np.uint8], area: SearchArea | None = None) -> list[BoundingBox]:
        """Find faces in a gray frame [height, width], in all of it or inside `area`."""
        height, width = gray.shape
        region = BoundingBox(0, 0, width, height) if area is None else area.box.clipped(width, height)
        if region is None:
            return []
        factor = min(1.0, self._search_width_px / width)
        found = self._search(_resized(region.crop(gray), factor), factor, area)
        return [box.scaled(1 / factor).moved(region.x, region.y) for box in found]

    def _search(self, picture: npt.NDArray[np.uint8], factor: float, area: SearchArea | None) -> list[BoundingBox]:
        smallest = MIN_FACE_PX if area is None else max(MIN_FACE_PX, round(area.min_width_px * factor))
        largest = 0 if area is None else max(smallest + 1, round(area.max_width_px * factor))
        found = self._cascade.detectMultiScale(
            picture,
            scaleFactor=SCALE_FACTOR if area is None else NEAR_SCALE_FACTOR,
            minNeighbors=MIN_NEIGHBOURS,
            minSize=(smallest, smallest),
            maxSize=(largest, largest),
        )
        return [BoundingBox(*(int(side) for side in box)) for box in found]


def _resized(picture: npt.NDArray[np.uint8], factor: float) -> npt.NDArray[np.uint8]:
    if factor == 1.0:
        return np.ascontiguousarray(picture)
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
