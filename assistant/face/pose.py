"""Which way a head is turned, from five points of its face.

The points are seen under weak perspective: the face is small beside its distance. The directions "across the face",
"down the face" and "out of the face" are then straight from differences of points, and the nearest rotation to these
three is the head's. D. DeMenthon and L. Davis, "Model-based object pose in 25 lines of code", IJCV 1995, begins so.

On drawn heads its yaw is as right as that of `cv2.solvePnP` (`benchmarks/pose.py`), its pitch is a
degree worse, it takes a tenth of the time, and there is only one solution, so that it cannot flip.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

EYES_MM = 63.0
"""From pupil to pupil; N. Dodgson, "Variation and extrema of human interpupillary distance", 2004. It sets the unit."""

MOUTH_MM, EYES_TO_MOUTH_MM, EYES_TO_NOSE_MM, NOSE_OUT_MM = 52.6, 63.4, 30.7, 28.6
"""The rest of the mean face, for the points as YuNet places them: how wide the mouth is, how far it and the tip of the
nose are below the eyes, and how far the tip stands out of the plane of eyes and mouth. `benchmarks/pose.py faces/`
finds them: the shape that best explains the points of 9,342 people of FairFace from ten years on, and their mirror
images. In other mean faces the nose stands out by up to a third more, but YuNet's points foreshorten as here."""

NEUTRAL_PITCH_DEG = -11.7
"""Of the plane of eyes and mouth, in the median face of FairFace turned by less than 15 degrees; it counts as level."""

LEAST_AREA = 1e-6
"""The area of the face in the picture, in shares of its extent squared; points on a line have none."""


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Which way a head is turned, in degrees, as seen from the camera; all are 0 when it faces the camera upright."""

    yaw_deg: float
    """Positive when the person turns to the right side of the picture; -90 to 90."""
    pitch_deg: float
    """Positive when the person looks up, about the line through the ears."""
    roll_deg: float
    """How far the head leans, clockwise in the picture; -180 to 180."""


FACING = HeadPose(0.0, 0.0, 0.0)
"""What points tell that are all in one place, or not finite."""


def head_pose(points: FloatArray) -> HeadPose:
    """The pose from right eye, left eye, nose, right and left corner of the mouth, float32 [5, 2], in pixels.

    Right and left are the person's. It never raises: points that say nothing give `FACING`, and points on one line give
    a pose without meaning. It does not jump, except near a profile, where the roll and the pitch are not defined.
    """
    columns = [_columns(axis) for axis in points.T.tolist()]
    if not all(math.isfinite(number) for row in columns for number in row):
        return FACING
    extent = max(abs(number) for row in columns for number in row)
    if extent == 0:
        return FACING
    first, second = ((x / extent, y / extent, z / extent) for x, y, z in columns)
    return _angles(*_nearest_rotation(first, second))


Row = tuple[float, float, float]


def _columns(axis: list[float]) -> Row:
    """How far one coordinate of the picture goes with a millimetre across the mean face, down it, and into it."""
    right_eye, left_eye, nose, mouth_right, mouth_left = axis
    eyes, mouth = (right_eye + left_eye) / 2, (mouth_right + mouth_left) / 2
    wide = EYES_MM * (left_eye - right_eye) + MOUTH_MM * (mouth_left - mouth_right)
    behind_nose = eyes + EYES_TO_NOSE_MM / EYES_TO_MOUTH_MM * (mouth - eyes)
    return (
        wide / (EYES_MM**2 + MOUTH_MM**2),
        (mouth - eyes) / EYES_TO_MOUTH_MM,
        (behind_nose - nose) / NOSE_OUT_MM,
    )


def _nearest_rotation(first: Row, second: Row) -> tuple[Row, Row]:
    """The first two rows of the rotation nearest to a multiple of these, in the sense of least squares.

    The rows are multiplied by the inverse of the square root of their 2x2 matrix of products, up to a factor.
    """
    one, two, both = _product(first, first), _product(second, second), _product(first, second)
    root = math.sqrt(max(one * two - both**2, LEAST_AREA * (one + two) ** 2))
    upper, lower = one + root, two + root
    return (
        (lower * first[0] - both * second[0], lower * first[1] - both * second[1], lower * first[2] - both * second[2]),
        (upper * second[0] - both * first[0], upper * second[1] - both * first[1], upper * second[2] - both * first[2]),
    )


def _product(one: Row, other: Row) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _angles(first: Row, second: Row) -> HeadPose:
    """The pitch is turned first, then the yaw, then the roll. The rows are orthogonal and of one length."""
    across = first[1] * second[2] - first[2] * second[1]
    down = first[2] * second[0] - first[0] * second[2]
    into = first[0] * second[1] - first[1] * second[0]
    seen = math.sqrt(_product(first, first)) * math.hypot(first[0], second[0])
    return HeadPose(
        yaw_deg=math.degrees(math.atan2(across, seen)),
        pitch_deg=math.degrees(math.atan2(-down, into)) - NEUTRAL_PITCH_DEG,
        roll_deg=math.degrees(math.atan2(second[0], first[0])),
    )
