"""Which way a head is turned, from five points of its face.

The camera is assumed to have weak perspective, because a face is small beside its distance. The directions "across the
face", "down the face" and "out of the face" are then differences of points, and the head's rotation is the one nearest
to these three. D. DeMenthon and L. Davis, "Model-based object pose in 25 lines of code", IJCV 1995, begins so.

On drawn heads the yaw is as right as that of `cv2.solvePnP`, and the pitch is a degree worse (`benchmarks/pose.py`). It
takes a tenth of the time. There is only one solution, so that the pose cannot flip.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

EYES_MM = 63.0
"""The distance of the pupils, which sets the unit.

N. Dodgson, "Variation and extrema of human interpupillary distance", 2004.
"""

MOUTH_MM, EYES_TO_MOUTH_MM, EYES_TO_NOSE_MM, NOSE_OUT_MM = 52.6, 63.4, 30.7, 28.6
"""The rest of the mean face, for the points as YuNet places them.

They are the width of the mouth, how far the mouth and the tip of the nose are below the eyes, and how far the tip of
the nose stands out of the plane of eyes and mouth. `benchmarks/pose.py faces/` finds them: they are the shape that best
explains the points of 9,342 people of FairFace from ten years on, and their mirror images. In other mean faces the nose
stands out by up to a third more, but YuNet's points foreshorten as here.
"""

NEUTRAL_PITCH_DEG = -11.7
"""A plane of eyes and mouth with this pitch counts as level.

It is the pitch of the median face of FairFace that is turned by less than 15 degrees.
"""

LEAST_AREA = 1e-6
"""A smaller area of the face, as a share of its extent squared, counts as this; points on a line have no area."""


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Which way a head is turned, in degrees, as the camera sees it; a head that faces the camera upright has all 0."""

    yaw_deg: float
    """Positive when the person turns to the right side of the picture; -90 to 90."""
    pitch_deg: float
    """Positive when the person looks up, about the line through the ears."""
    roll_deg: float
    """How far the head leans, clockwise in the picture; -180 to 180."""


FACING = HeadPose(0.0, 0.0, 0.0)
"""The pose of points that are all in one place, or not finite."""


def head_pose(points: FloatArray) -> HeadPose:
    """Return the pose of right eye, left eye, nose, right and left corner of the mouth, float32 [5, 2], in pixels.

    Right and left are the person's. It never raises: points that say nothing give `FACING`, and points on one line give
    a pose without meaning. A small change of the points changes the pose little, except near a profile, where roll and
    pitch are not defined.
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
    """Return by how much one coordinate of the picture grows with a millimetre across, down and into the mean face."""
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
    """Return the first two rows of the rotation nearest to a multiple of these, in the sense of least squares.

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
    """Return the angles of two orthogonal rows of one length; pitch is turned first, then yaw, then roll."""
    across = first[1] * second[2] - first[2] * second[1]
    down = first[2] * second[0] - first[0] * second[2]
    into = first[0] * second[1] - first[1] * second[0]
    seen = math.sqrt(_product(first, first)) * math.hypot(first[0], second[0])
    return HeadPose(
        yaw_deg=math.degrees(math.atan2(across, seen)),
        pitch_deg=math.degrees(math.atan2(-down, into)) - NEUTRAL_PITCH_DEG,
        roll_deg=math.degrees(math.atan2(second[0], first[0])),
    )
