"""Whether the quality of a face is enough to classify it."""

import cv2
import numpy as np
import pytest

from assistant.emotion.preprocess import resize_face
from assistant.face.quality import MAX_YAW_DEG, reject_reason, sharpness, weight
from assistant.face.reject_reason import RejectReason
from tests.builders.clips import astronaut_gray

pytestmark = pytest.mark.runtime

PATTERN = np.random.default_rng(5).normal(0, 1, (100, 100))


@pytest.mark.parametrize(
    ("mean", "deviation", "width", "reason"),
    [
        (120, 40, 80, None),
        (20, 10, 30, None),
        (120, 40, 15, RejectReason.TOO_SMALL),
        (8, 6, 80, RejectReason.TOO_DARK),
        (235, 10, 80, RejectReason.TOO_BRIGHT),
        (120, 3, 80, RejectReason.TOO_FLAT),
    ],
)
def test_each_reason(mean, deviation, width, reason):
    """A face that is small, dark, bright or flat is rejected for this reason."""
    face = np.clip(mean + deviation * PATTERN, 0, 255).astype(np.uint8)
    assert reject_reason(width, face, sharpness(face)) is reason


def test_a_box_outside_the_frame_is_no_face():
    """A crop without pixels is too small."""
    assert reject_reason(60, np.zeros((0, 0), np.uint8), 1.0) is RejectReason.TOO_SMALL


@pytest.mark.parametrize("side", [-1, 1])
def test_a_face_that_is_turned_away_is_not_judged(side):
    """A sharp face is rejected from the largest allowed yaw on, to either side."""
    face = resize_face(astronaut_gray()[66:161, 177:272])
    assert reject_reason(95, face, sharpness(face), yaw_deg=side * (MAX_YAW_DEG + 1)) is RejectReason.TURNED_AWAY
    assert reject_reason(95, face, sharpness(face), yaw_deg=side * (MAX_YAW_DEG - 1)) is None


def test_sharpness_is_of_the_face_and_not_of_the_light():
    """A blurred face is rejected and a sharp one is not, in bright light and in the dark with noise."""
    face = resize_face(astronaut_gray()[66:161, 177:272])
    noise = np.random.default_rng(2).normal(0, 2, face.shape)
    for light in (1.0, 0.4):
        sharp = np.clip(light * face + noise, 0, 255).astype(np.uint8)
        blurred = np.clip(light * cv2.GaussianBlur(face, (0, 0), 3.5) + noise, 0, 255).astype(np.uint8)
        assert reject_reason(95, sharp, sharpness(sharp)) is None
        assert reject_reason(95, blurred, sharpness(blurred)) is RejectReason.BLURRED


def test_sharp_and_certain_faces_weigh_more():
    """The weight grows with the sharpness up to one, and falls with the doubt."""
    assert 0 < weight(0.09, 0.0) < weight(0.13, 0.0) < weight(0.3, 0.0) == 1.0
    assert weight(0.3, 0.09) == pytest.approx(0.91)
