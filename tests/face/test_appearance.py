"""The appearance of a face, by which two people are distinguished."""

import numpy as np
import pytest

from assistant.emotion.perception import described
from assistant.face.detector import Detection
from assistant.geometry import BoundingBox
from tests.builders.clips import astronaut_gray

pytestmark = pytest.mark.runtime

FACE = Detection(BoundingBox(177, 66, 95, 95))


def look(gray):
    """Return the appearance of the face at its place in this picture."""
    return described(gray, FACE).appearance


def test_a_face_is_like_itself_in_other_light_and_unlike_another():
    """A darker and noisier face stays similar; the same face upside down is a different one."""
    gray = astronaut_gray()
    noise = np.random.default_rng(1).normal(0, 5, gray.shape)
    darker = np.clip(0.7 * gray + noise, 0, 255).astype(np.uint8)
    other = gray.copy()
    FACE.box.crop(other)[:] = FACE.box.crop(gray)[::-1]
    assert look(gray).difference(look(darker)) < 0.3
    assert look(gray).difference(look(other)) > 0.3


def test_below_the_frame_there_are_no_clothes():
    """Where the frame ends below the face, the appearance has no clothes."""
    assert look(astronaut_gray()[:162]).clothes is None
