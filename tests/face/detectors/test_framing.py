"""The square of the cascade is computed from the finder's box and points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.detectors.framing import DOWN_TO_MOUTH, haar_square
from assistant.geometry import BoundingBox

pytestmark = pytest.mark.runtime

FACE = np.array([(280, 200), (340, 200), (310, 232), (285, 262), (335, 262)], np.float32)
BOX = ((310.0, 220.0), 125.0, 165.0)
MIRRORED = [1, 0, 2, 4, 3]


def test_a_face_from_the_front():
    """The square is wider than the finder's box, less high, and has its centre above the nose."""
    square = haar_square(*BOX, FACE)
    assert square.width == square.height == round(1.114 * 60 + 0.705 * 125)
    assert square.center == pytest.approx((310, 200 + DOWN_TO_MOUTH * 62), abs=1)


def test_a_turned_face_keeps_its_size():
    """When the eyes come together by a third, the square narrows by less than a fifth."""
    turned = FACE.copy()
    turned[:, 0] = 310 + (FACE[:, 0] - 310) * 2 / 3
    assert haar_square((310, 220), 115, 165, turned).width > 0.8 * haar_square(*BOX, FACE).width


@given(st.floats(-180, 180))
def test_a_leaning_face_has_the_same_square_about_its_own_middle(lean):
    """The centre turns with the face, and the side of the square stays."""
    turn = np.radians(lean)
    matrix = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    square = haar_square(*BOX, ((FACE - (310, 220)) @ matrix + (310, 220)).astype(np.float32))
    upright = haar_square(*BOX, FACE)
    down = 200 + DOWN_TO_MOUTH * 62 - 220
    assert abs(square.width - upright.width) <= 1
    assert square.center == pytest.approx((310 - down * np.sin(turn), 220 + down * np.cos(turn)), abs=1.01)


@given(st.integers(-500, 500), st.integers(-500, 500))
def test_it_moves_with_the_face(right, down):
    """A face that moves by whole pixels moves its square by as many, within a pixel."""
    moved = haar_square((310 + right, 220 + down), 125, 165, FACE + np.array((right, down), np.float32))
    expected = haar_square(*BOX, FACE).moved(right, down)
    assert moved.width == expected.width
    assert abs(moved.x - expected.x) <= 1
    assert abs(moved.y - expected.y) <= 1


@given(st.lists(st.floats(-30, 30), min_size=10, max_size=10))
def test_a_mirrored_face_has_the_mirrored_square(noise):
    """Mirrored about the left edge of the picture, the square is mirrored too."""
    points = (FACE + np.reshape(noise, (5, 2))).astype(np.float32)
    square = haar_square(*BOX, points)
    mirrored = haar_square((-310, 220), 125, 165, (points[MIRRORED] * (-1, 1)).astype(np.float32))
    assert mirrored.width == square.width
    assert mirrored.center == pytest.approx((-square.center[0], square.center[1]), abs=1.01)


def test_points_in_one_place_leave_the_box():
    """The square then has the centre and the longer side of the box."""
    assert haar_square((100.0, 80.0), 30.0, 40.0, np.zeros((5, 2), np.float32)) == BoundingBox(80, 60, 40, 40)


def test_it_is_never_empty():
    """A face without any size still has a square of one pixel."""
    assert haar_square((5.0, 5.0), 0.0, 0.0, np.zeros((5, 2), np.float32)).area == 1
