"""The detector on a photograph."""

import cv2
import numpy as np
import pytest

from assistant.adapters.haar import HaarFaceDetector
from assistant.geometry import BoundingBox
from assistant.ports import SearchArea
from tests.clips import astronaut_gray, noise_frames, room

pytestmark = pytest.mark.runtime

FACE = BoundingBox(177, 66, 95, 95)
"""Where OpenCV's cascade at full size finds the astronaut's face, on x86-64 and arm64 alike."""


@pytest.fixture(scope="module")
def detector():
    """At 320 pixels' width."""
    return HaarFaceDetector()


def test_the_box_is_in_frame_pixels(detector):
    """Found in a picture shrunk to 320 pixels, told in the frame's own."""
    (box,) = detector.detect(astronaut_gray())
    assert box.overlap(FACE) > 0.7


@pytest.mark.parametrize("factor", [0.625, 1.0, 2.0, 4.0])
def test_the_size_of_the_frame_does_not_matter(detector, factor):
    """From 320 pixels' width to 2048."""
    frame = cv2.resize(astronaut_gray(), None, fx=factor, fy=factor)
    boxes = detector.detect(np.asarray(frame, dtype=np.uint8))
    assert max(box.overlap(FACE.scaled(factor)) for box in boxes) > 0.6


def test_the_search_keeps_to_its_area(detector):
    """Near the face it is found; elsewhere, or for other sizes, it is not."""
    frame = astronaut_gray()
    (box,) = detector.detect(frame, SearchArea(FACE.grown(0.5), 70, 130))
    assert box.overlap(FACE) > 0.7
    assert detector.detect(frame, SearchArea(FACE.moved(250, 200), 70, 130)) == []
    assert detector.detect(frame, SearchArea(FACE.moved(5000, 0), 70, 130)) == []
    assert detector.detect(frame, SearchArea(FACE.grown(0.5), 30, 60)) == []


@pytest.mark.parametrize("frame", [room(), *[frame for _, frame in zip(range(5), noise_frames(), strict=False)]])
def test_rooms_and_noise_have_no_faces(detector, frame):
    """Nor do tiny, black and white frames."""
    assert detector.detect(frame) == []
    for odd in (frame[:1, :1], np.zeros_like(frame), np.full_like(frame, 255)):
        assert detector.detect(odd) == []
