"""Detects faces by OpenCV's frontal Haar cascade.

P. Viola and M. Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001; the file
of the cascade is R. Lienhart's, and comes with OpenCV.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import DetectorError
from assistant.face.detector import Detection, Region
from assistant.face.shrinking import shrunk
from assistant.geometry import BoundingBox
from assistant.pictures.opencv_names import opencv_name

Gray = npt.NDArray[np.uint8]

CASCADE = "haarcascade_frontalface_default.xml"

DEBIAN_CASCADES = Path("/usr/share/opencv4/haarcascades")
"""The folder of Debian's opencv-data; Debian's python3-opencv has no `cv2.data`."""

MIN_NEIGHBOURS = 5
"""A face needs this many overlapping hits of the cascade; with 3, curtains and leaves are taken for faces."""

WINDOW_PX = 24
"""The cascade finds no face smaller than this; it was trained with pictures of this size."""

LONGEST_PX = 4096
"""A searched picture is shrunk to this length: a strip that is a million pixels long must not take minutes."""

SEARCH_WIDTH_PX = 320
"""A whole frame is shrunk to this width, unless another is chosen."""

SMALLEST = 0.09
"""In a whole frame, faces narrower than this share of its width are not searched for: that would double the time."""

SCALE_FACTOR = 1.2
"""Each size of face that is tried is this many times the size before."""

NEAR_SCALE_FACTOR = 1.1
"""Around a known face the sizes are tried in smaller steps, because there are few of them."""

NEAR_SMALLEST_PX, NEAR_LARGEST_PX = 30, 56
"""A known face is shrunk to a width in this range: the cascade misses smaller faces, and larger ones take longer."""

NEAR_BORDER = 0.25
"""A border of this share of the searched part is added when a face fills the frame: the cascade needs surroundings."""


def cascade_file() -> Path:
    """Return the path of the cascade's file; raise DetectorError when it is missing."""
    packaged = getattr(cv2, "data", None)
    folders = [*([Path(packaged.haarcascades)] if packaged else []), DEBIAN_CASCADES]
    for folder in folders:
        if (folder / CASCADE).is_file():
            return folder / CASCADE
    raise DetectorError(
        f"{CASCADE} is missing: pip install 'opencv-python-headless>=4.6,<5' or apt install opencv-data"
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """A part of the frame, how it is shrunk, and the sizes of faces to find, in frame pixels."""

    part: BoundingBox
    factor: float
    min_face_px: int
    max_face_px: int | None = None
    scale_factor: float = SCALE_FACTOR
    border: float = 0.0


def build(_finder: Path) -> HaarDetector:
    """Build the detector `haar`."""
    return HaarDetector()


class HaarDetector:
    """Detects upright, frontal faces; it gives no points."""

    def __init__(self, search_width_px: int = SEARCH_WIDTH_PX) -> None:
        """A whole frame is shrunk to the width `search_width_px` before it is searched."""
        self._search_width_px = search_width_px
        if not hasattr(cv2, "CascadeClassifier"):
            raise DetectorError(f"OpenCV {cv2.__version__} has no cascades: pip install 'opencv-python-headless<5'")
        with opencv_name(cascade_file()) as name:
            self._cascade = cv2.CascadeClassifier(name)

    def detect(
        self,
        gray: Gray,
        region: Region | None = None,
        known: Sequence[Detection] = (),  # noqa: ARG002 - the cascade cannot leave known faces out
    ) -> list[Detection]:
        """Return the faces of a gray frame [height, width], or of a region of it."""
        search = _everywhere(gray, self._search_width_px) if region is None else _near(gray, region)
        return [] if search is None else [Detection(box) for box in self._found(gray, search)]

    def _found(self, gray: Gray, search: _Search) -> list[BoundingBox]:
        picture = _resized(search.part.crop(gray), search.factor)
        border = round(search.border * max(picture.shape))
        if border:
            bordered = cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_REPLICATE)
            picture = np.asarray(bordered, dtype=np.uint8)
        smallest = max(WINDOW_PX, round(search.min_face_px * search.factor))
        largest = 0 if search.max_face_px is None else max(smallest + 1, round(search.max_face_px * search.factor))
        found = self._cascade.detectMultiScale(
            picture,
            scaleFactor=search.scale_factor,
            minNeighbors=MIN_NEIGHBOURS,
            minSize=(smallest, smallest),
            maxSize=(largest, largest),
        )
        boxes = sorted(tuple(int(side) for side in box) for box in found)
        return [_in_frame(x - border, y - border, width, search) for x, y, width, _ in boxes]


def _everywhere(gray: Gray, search_width_px: int) -> _Search | None:
    height, width = gray.shape
    if not height or not width:
        return None
    factor = min(1.0, search_width_px / width, LONGEST_PX / max(height, width))
    return _Search(BoundingBox(0, 0, width, height), factor, round(width * SMALLEST))


def _near(gray: Gray, region: Region) -> _Search | None:
    height, width = gray.shape
    part = region.area.clipped(width, height)
    if part is None:
        return None
    usual_px = region.face_px * SEARCH_WIDTH_PX / width
    searched = min(max(usual_px, NEAR_SMALLEST_PX), NEAR_LARGEST_PX)
    return _Search(
        part,
        min(1.0, searched / region.face_px, LONGEST_PX / max(height, width)),
        region.min_face_px,
        region.max_face_px,
        NEAR_SCALE_FACTOR,
        NEAR_BORDER if region.face_px > width / 2 else 0.0,
    )


def _in_frame(x: int, y: int, width: int, search: _Search) -> BoundingBox:
    """Return the square with the same middle, in frame pixels."""
    side = max(1, round(width / search.factor))
    left, top = ((place + width / 2) / search.factor - side / 2 for place in (x, y))
    return BoundingBox(math.floor(left + 0.5) + search.part.x, math.floor(top + 0.5) + search.part.y, side, side)


def _resized(picture: Gray, factor: float) -> Gray:
    if factor == 1.0:
        return np.ascontiguousarray(picture)
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return shrunk(picture, size)
