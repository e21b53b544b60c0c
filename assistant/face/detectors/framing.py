"""The square that OpenCV's Haar cascade would give for a face that the learned finder has found.

The emotion network has learned from faces in the cascade's square, which is larger than the finder's box. Its middle
lies between the eyes and the mouth, and its width follows from the finder's box and the distance of the eyes.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from assistant.geometry import BoundingBox

FloatArray = npt.NDArray[np.float32]

DOWN_TO_MOUTH = 0.335
"""The square's middle is this share of the way from the middle of the eyes to the middle of the mouth."""

TIMES_EYES, TIMES_WIDTH = 1.114, 0.705
"""The square's width is `TIMES_EYES` times the distance of the eyes plus `TIMES_WIDTH` times the finder's box width.

When a head turns, the distance of the eyes shrinks faster than the cascade's square, and the finder's box shrinks
slower. So their errors cancel in the sum.

`benchmarks/framing.py faces/` fits these three numbers to the squares of the cascade on 3,000 pictures of FairFace.
On the 1,792 faces that the cascade found in 3,000 others, the width is 1.00 times the cascade's at the median (0.88 to
1.14 for nine of ten), and the middle lies within 0.04 of its width for nine of ten.
"""


def haar_square(middle: tuple[float, float], width: float, height: float, points: FloatArray) -> BoundingBox:
    """Return the cascade's square for the finder's box and points, all in frame pixels; it may reach out of the frame.

    `middle`, `width` and `height` are the finder's box, whose sides are the face's own. `points` are float32 [5, 2]:
    right eye, left eye, nose, right and left corner of the mouth. The sides of the square are parallel to the frame's;
    a face that leans is upright once it is turned about the square's middle. Where the points are all in one place, the
    square has the middle of the box and its longer side.
    """
    right_eye, left_eye, _, mouth_right, mouth_left = ((float(x), float(y)) for x, y in points.tolist())
    apart = math.dist(right_eye, left_eye)
    if not np.ptp(points, axis=0).any():
        return _square(middle, max(width, height))
    across, down = (
        (1 - DOWN_TO_MOUTH) * (right_eye[axis] + left_eye[axis]) / 2
        + DOWN_TO_MOUTH * (mouth_right[axis] + mouth_left[axis]) / 2
        for axis in (0, 1)
    )
    return _square((across, down), TIMES_EYES * apart + TIMES_WIDTH * width)


def _square(middle: tuple[float, float], side: float) -> BoundingBox:
    pixels = max(1, round(side))
    return BoundingBox(round(middle[0] - pixels / 2), round(middle[1] - pixels / 2), pixels, pixels)
