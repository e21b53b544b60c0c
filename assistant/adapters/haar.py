"""OpenCV's Haar cascades for faces.

P. Viola and M. Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001; the cascade
files are R. Lienhart's and D. Bradley's, shipped with OpenCV.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import DetectorError
from assistant.geometry import BoundingBox
from assistant.search import FoundFace, Look, Pattern

Gray = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

CASCADES = {
    Pattern.FRONT: "haarcascade_frontalface_default.xml",
    Pattern.FRONT_OTHER: "haarcascade_frontalface_alt2.xml",
    Pattern.LEFT_SIDE: "haarcascade_profileface.xml",
    Pattern.RIGHT_SIDE: "haarcascade_profileface.xml",
}
"""The profile's is of left sides; right ones are looked for in the mirror image."""

DEBIAN_CASCADES = Path("/usr/share/opencv4/haarcascades")
"""Where Debian's opencv-data puts them; its python3-opencv has no `cv2.data`."""

MIN_NEIGHBOURS = 5
"""Of overlapping hits; with 3, curtains and leaves become faces."""

WINDOW_PX = 24
"""What the cascades are made for: no smaller face is found."""

LONGEST_PX = 4096
"""Of a searched picture: a strip a million pixels long must not take minutes."""


def cascade_file(pattern: Pattern = Pattern.FRONT) -> Path:
    """Where the cascade is; DetectorError when it is nowhere."""
    packaged = getattr(cv2, "data", None)
    folders = [*([Path(packaged.haarcascades)] if packaged else []), DEBIAN_CASCADES]
    for folder in folders:
        if (folder / CASCADES[pattern]).is_file():
            return folder / CASCADES[pattern]
    raise DetectorError(
        f"{CASCADES[pattern]} is not there: pip install 'opencv-python-headless>=4.6,<5' or apt install opencv-data"
    )


class HaarFaceDetector:
    """Finds faces from the front and from the side; what is found is told in frame pixels."""

    def __init__(self) -> None:
        if not hasattr(cv2, "CascadeClassifier"):
            raise DetectorError(f"OpenCV {cv2.__version__} has no cascades: pip install 'opencv-python-headless<5'")
        cv2.setNumThreads(1)  # more threads cost more than they bring on pictures this small
        files = {pattern: str(cascade_file(pattern)) for pattern in CASCADES}
        read = {path: cv2.CascadeClassifier(path) for path in set(files.values())}
        self._cascades = {pattern: read[path] for pattern, path in files.items()}

    def detect(self, gray: Gray, look: Look) -> list[FoundFace]:
        """Find faces in a gray frame [height, width] by one look at it."""
        height, width = gray.shape
        if not height or not width:
            return []
        region = BoundingBox(0, 0, width, height)
        if look.area is not None:
            inside = look.area.clipped(width, height)
            if inside is None:
                return []
            region = inside
        factor = min(1.0, look.width_px / width, LONGEST_PX / max(height, width))
        picture, to_region = _prepared(region.crop(gray), factor, look)
        return [
            FoundFace(_back(box, to_region, region), look.roll_deg, look.pattern)
            for box in self._search(picture, factor, look)
        ]

    def _search(self, picture: Gray, factor: float, look: Look) -> list[tuple[int, ...]]:
        smallest = max(WINDOW_PX, round(look.min_face_px * factor))
        largest = 0 if look.max_face_px is None else max(smallest + 1, round(look.max_face_px * factor))
        mirrored = look.pattern is Pattern.RIGHT_SIDE
        found = self._cascades[look.pattern].detectMultiScale(
            np.ascontiguousarray(picture[:, ::-1]) if mirrored else picture,
            scaleFactor=look.scale_factor,
            minNeighbors=MIN_NEIGHBOURS,
            minSize=(smallest, smallest),
            maxSize=(largest, largest),
        )
        boxes = (tuple(int(side) for side in box) for box in found)
        width = picture.shape[1]
        return sorted(
            (width - x - wide, y, wide, tall) if mirrored else (x, y, wide, tall) for x, y, wide, tall in boxes
        )


def _prepared(region: Gray, factor: float, look: Look) -> tuple[Gray, Matrix]:
    """The picture to search, and the matrix [2, 3] that takes its points to those of the region."""
    picture = _resized(region, factor)
    border = round(look.border * max(picture.shape))
    if border:
        picture = np.asarray(
            cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_REPLICATE), dtype=np.uint8
        )
    back = np.array([[1, 0, -border], [0, 1, -border]], dtype=np.float64)
    if look.roll_deg:
        picture, upright = _turned(picture, look.roll_deg)
        back = back @ np.vstack([cv2.invertAffineTransform(upright), (0, 0, 1)])
    return picture, np.asarray(back / factor)


def _turned(picture: Gray, roll_deg: float) -> tuple[Gray, Matrix]:
    """The picture turned so that heads that lean by `roll_deg` stand upright, on a canvas that holds all of it."""
    height, width = picture.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), roll_deg, 1.0), dtype=np.float64)
    cosine, sine = abs(math.cos(math.radians(roll_deg))), abs(math.sin(math.radians(roll_deg)))
    size = (math.ceil(width * cosine + height * sine), math.ceil(height * cosine + width * sine))
    turn[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return np.asarray(cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8), turn


def _back(box: tuple[int, ...], to_region: Matrix, region: BoundingBox) -> BoundingBox:
    """The box about the same middle in the frame; it stays upright, since its face is turned about that middle."""
    x, y, width, height = box
    across, down = to_region @ (x + width / 2, y + height / 2, 1.0)
    by = math.hypot(*to_region[:, 0])
    wide, tall = max(1, round(width * by)), max(1, round(height * by))
    return BoundingBox(round(across - wide / 2) + region.x, round(down - tall / 2) + region.y, wide, tall)


def _resized(picture: Gray, factor: float) -> Gray:
    if factor == 1.0:
        return np.ascontiguousarray(picture)
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
