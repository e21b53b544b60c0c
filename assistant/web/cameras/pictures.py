"""Makes the JPEGs that go to a browser. No other part of the page uses OpenCV."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotion.observation import ClassifiedFace
from assistant.pictures.reading import Gray

PREVIEW_PX = 640
"""The longer side of the picture beside the results."""

JPEG_QUALITY = 80
INK, PAPER = (90, 230, 255), (20, 20, 20)
"""The two colours of a box, as blue, green, red. One of them is seen on any picture."""


def preview(gray: Gray, faces: Sequence[ClassifiedFace]) -> bytes:
    """Return a small JPEG with the boxes of the faces, which are numbered when there are several."""
    factor = min(1.0, PREVIEW_PX / max(gray.shape))
    size = max(1, round(gray.shape[1] * factor)), max(1, round(gray.shape[0] * factor))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    picture = np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    for number, face in enumerate(faces, start=1):
        _draw(picture, face, factor, str(number) if len(faces) > 1 else "")
    return jpeg(picture)


def jpeg(picture: npt.NDArray[np.uint8], quality: int = JPEG_QUALITY) -> bytes:
    """Return a picture, gray [height, width] or in colours [height, width, 3], as a JPEG."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _draw(picture: npt.NDArray[np.uint8], face: ClassifiedFace, factor: float, label: str) -> None:
    box = face.box
    corners = [
        (round(x * factor), round(y * factor)) for x, y in ((box.x, box.y), (box.x + box.width, box.y + box.height))
    ]
    for color, width in ((PAPER, 4), (INK, 2)):
        cv2.rectangle(picture, corners[0], corners[1], color, width)
        if label:
            place = (corners[0][0] + 4, corners[0][1] + 18)
            cv2.putText(picture, label, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, color, width, cv2.LINE_AA)


def boxed(gray: Gray, face: ClassifiedFace | None) -> bytes:
    """Return a frame of the camera as a JPEG, with the box of the face in front."""
    if face is None:
        return jpeg(gray)
    picture = np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    _draw(picture, face, 1.0, "")
    return jpeg(picture)
