"""What moves with an expression is measured on made points, whatever the size, place, tilt and turn of the face."""

import cv2
import numpy as np
import pytest

from quantize.movements.measures import (
    BROWS,
    CHIN,
    CORNERS,
    EYES,
    FOREHEAD,
    INNER_BROWS,
    LOWER_LIP,
    MEASURES,
    OUTER_BROWS,
    UPPER_LIP,
    measured,
)
from quantize.movements.mesh import LEFT_EYE, POINTS, RIGHT_EYE


def face(gap=0.0, corners=0.0, brows=0.0):
    """Points of a face whose eyes are 100 apart; the lips, the corners of the mouth and the brows have moved."""
    points = np.zeros((POINTS, 3), np.float32)
    points[list(EYES)] = [(-50, 0, 0), (-20, 0, 0), (50, 0, 0), (20, 0, 0)]
    points[RIGHT_EYE], points[LEFT_EYE] = (-50, 0, 0), (50, 0, 0)
    for place in {*BROWS, *INNER_BROWS, *OUTER_BROWS}:
        points[place] = (10, -25 - brows, 0)
    points[55], points[285] = (-12, -24 - brows, 0), (12, -24 - brows, 0)
    points[FOREHEAD], points[CHIN] = (0, -80, 0), (0, 130, 0)
    points[UPPER_LIP], points[LOWER_LIP] = (0, 80 - gap / 2, 0), (0, 80 + gap / 2, 0)
    points[CORNERS[0]], points[CORNERS[1]] = (-26, 80 - corners, 0), (26, 80 - corners, 0)
    return points


def named(points):
    """The measures by their names."""
    return dict(zip(MEASURES, measured(points).tolist(), strict=True))


def turned(points, axis_deg):
    """The points of a face that is turned by these angles about the three axes, larger, and elsewhere."""
    turn, _ = cv2.Rodrigues(np.radians(np.array(axis_deg, np.float64)))
    return (2.5 * points @ turn.T + (300, 200, 0)).astype(np.float32)


def test_each_movement_changes_its_own_measure():
    """The unit is the distance of the eyes; what does not move does not change."""
    calm = named(face())
    assert named(face(gap=20)) == pytest.approx(calm | {"gap": 0.2}, abs=1e-5)
    smiling = named(face(corners=6))
    assert smiling["corners"] == pytest.approx(calm["corners"] + 0.06, abs=1e-5)
    assert smiling["brows"] == calm["brows"]
    raised = named(face(brows=8))
    for name in ("brows", "inner_brows", "outer_brows"):
        assert raised[name] == pytest.approx(calm[name] + 0.08, abs=1e-5)
    assert raised["brows_apart"] == pytest.approx(calm["brows_apart"], abs=1e-5)


@pytest.mark.parametrize("angles", [(0, 0, 0), (0, 0, 30), (0, 20, 0), (15, 0, 0), (10, -15, 20)])
def test_size_place_and_pose_change_nothing(angles):
    """The measures follow the face's own axes."""
    points = face(gap=12, corners=4, brows=-3)
    assert measured(turned(points, angles)) == pytest.approx(measured(points), abs=0.01)


def test_a_face_turned_far_is_not_measured():
    """Half of it is hidden, so that the points there are guesses."""
    assert measured(turned(face(), (0, 35, 0))) is None
