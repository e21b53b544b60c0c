"""The pose of a head, computed from five points."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.pose import (
    EYES_MM,
    EYES_TO_MOUTH_MM,
    EYES_TO_NOSE_MM,
    FACING,
    MOUTH_MM,
    NEUTRAL_PITCH_DEG,
    NOSE_OUT_MM,
    HeadPose,
    head_pose,
)

pytestmark = pytest.mark.runtime

MEAN_FACE = np.array(
    [
        (-EYES_MM / 2, 0, 0),
        (EYES_MM / 2, 0, 0),
        (0, EYES_TO_NOSE_MM, -NOSE_OUT_MM),
        (-MOUTH_MM / 2, EYES_TO_MOUTH_MM, 0),
        (MOUTH_MM / 2, EYES_TO_MOUTH_MM, 0),
    ]
)
MIRRORED = [1, 0, 2, 4, 3]

yaws, pitches, rolls = st.floats(-75, 75), st.floats(-40, 40), st.floats(-170, 170)
noises = st.lists(st.floats(-6, 6), min_size=10, max_size=10).map(lambda values: np.reshape(values, (5, 2)))


def seen(yaw_deg, pitch_deg, roll_deg, noise=0.0):
    """Return the points of the mean face as a distant camera sees them, a pixel for a millimetre."""
    yaw, pitch, roll = (math.radians(angle) for angle in (yaw_deg, pitch_deg + NEUTRAL_PITCH_DEG, roll_deg))
    x, y, z = MEAN_FACE.T
    y, z = y * math.cos(pitch) + z * math.sin(pitch), z * math.cos(pitch) - y * math.sin(pitch)
    x = x * math.cos(yaw) - z * math.sin(yaw)
    return leaning(np.stack([x, y], axis=1) + noise, math.degrees(roll))


def leaning(points, roll_deg):
    """Turn the points clockwise in the picture."""
    sine, cosine = math.sin(math.radians(roll_deg)), math.cos(math.radians(roll_deg))
    return points @ np.array([(cosine, sine), (-sine, cosine)])


def told(points):
    """Return the three angles."""
    pose = head_pose(np.asarray(points, np.float32))
    return np.array([pose.yaw_deg, pose.pitch_deg, pose.roll_deg])


def between(first, second):
    """Return the largest difference between the angles of two poses, in degrees."""
    return np.abs((first - second + 180) % 360 - 180).max()


@pytest.mark.parametrize(
    ("points", "angle", "sign"),
    [
        ([(0, 0), (60, 0), (45, 32), (5, 60), (55, 60)], "yaw_deg", 1),
        ([(0, 0), (60, 0), (15, 32), (5, 60), (55, 60)], "yaw_deg", -1),
        ([(0, 0), (60, 0), (30, 20), (5, 60), (55, 60)], "pitch_deg", 1),
        ([(0, 0), (60, 0), (30, 50), (5, 60), (55, 60)], "pitch_deg", -1),
        ([(0, 0), (58, 15), (21, 38), (-10, 59), (38, 72)], "roll_deg", 1),
        ([(0, 15), (58, 0), (37, 38), (20, 72), (68, 59)], "roll_deg", -1),
    ],
)
def test_signs(points, angle, sign):
    """To the right of the picture, upwards and clockwise are positive."""
    assert sign * getattr(head_pose(np.array(points, np.float32)), angle) > 5


@given(yaws, pitches, rolls)
def test_the_mean_face_is_told_exactly(yaw, pitch, roll):
    """For a distant mean face the angles are exact but for rounding."""
    assert between(told(seen(yaw, pitch, roll)), np.array([yaw, pitch, roll])) < 0.05


@given(yaws, pitches, st.floats(-40, 40), noises)
def test_a_mirrored_face_has_the_mirrored_pose(yaw, pitch, roll, noise):
    """Mirrored, yaw and roll change their sign exactly, and the pitch stays."""
    points = seen(yaw, pitch, roll, noise)
    yaw, pitch, roll = told(points)
    assert told(points[MIRRORED] * (-1, 1)).tolist() == [-yaw, pitch, -roll]


@given(
    st.floats(-50, 50),
    st.floats(-30, 30),
    st.floats(-40, 40),
    noises,
    st.tuples(st.floats(0.2, 20), st.floats(-1000, 1000), st.floats(-1000, 1000)),
)
def test_place_and_size_do_not_matter(yaw, pitch, roll, noise, placed):
    """The same face at another place and of another size has the same pose."""
    points = seen(yaw, pitch, roll, noise / 3)
    assert between(told(points * placed[0] + placed[1:]), told(points)) < 0.2


@given(st.floats(-50, 50), st.floats(-30, 30), st.floats(-40, 40), noises, rolls)
def test_a_turned_picture_adds_to_the_roll_alone(yaw, pitch, roll, noise, more):
    """Turning the picture clockwise adds to the roll and changes nothing else."""
    points = seen(yaw, pitch, roll, noise / 3)
    assert between(told(leaning(points, more)), told(points) + np.array((0, 0, more))) < 0.05


@given(st.floats(-50, 50), st.floats(-30, 30), st.floats(-40, 40), noises)
def test_it_does_not_jump(yaw, pitch, roll, step):
    """A change of a thousandth of the face's width changes no angle by a degree."""
    points = seen(yaw, pitch, roll)
    assert between(told(points + step / 60), told(points)) < 1


@pytest.mark.parametrize("value", [0.0, 7.0, -3.0, math.nan, math.inf])
def test_points_that_say_nothing_face_the_camera(value):
    """Points in one place, or points that are no numbers, face the camera."""
    assert head_pose(np.full((5, 2), value, np.float32)) == FACING == HeadPose(0, 0, 0)


any_number = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(st.lists(any_number | st.integers(-3, 3), min_size=10, max_size=10))
def test_it_never_raises(values):
    """For any points the angles are finite."""
    assert np.isfinite(told(np.reshape(values, (5, 2)))).all()


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (1, 1), (-2, 1)])
def test_points_on_a_line_give_a_finite_pose(direction):
    """Points on a line give some finite pose and raise no error."""
    assert np.isfinite(told(np.arange(5)[:, None] * np.array(direction))).all()
