"""The detector on a photograph."""

import cv2
import numpy as np
import pytest

from assistant.adapters.haar import HaarFaceDetector
from assistant.geometry import BoundingBox
from assistant.search import Look, Pattern, SearchSettings, first_look, further_looks
from tests.clips import astronaut_gray, noise_frames, room

pytestmark = pytest.mark.runtime

FACE = BoundingBox(177, 66, 95, 95)
"""Where OpenCV's cascade at full size finds the astronaut's face, on x86-64 and arm64 alike."""

LOOK = Look(320)


@pytest.fixture(scope="module")
def detector():
    """With all its cascades."""
    return HaarFaceDetector()


def turned(picture, roll_deg):
    """A head that leans clockwise by this much, about the middle of the face."""
    turn = cv2.getRotationMatrix2D(FACE.center, -roll_deg, 1.0)
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def test_the_box_is_in_frame_pixels(detector):
    """Found in a picture shrunk to 320 pixels, told in the frame's own."""
    (found,) = detector.detect(astronaut_gray(), LOOK)
    assert found.box.overlap(FACE) > 0.7


@pytest.mark.parametrize("factor", [0.625, 1.0, 2.0, 4.0])
def test_the_size_of_the_frame_does_not_matter(detector, factor):
    """From 320 pixels' width to 2048."""
    frame = np.asarray(cv2.resize(astronaut_gray(), None, fx=factor, fy=factor), np.uint8)
    found = detector.detect(frame, LOOK)
    there = BoundingBox(*(round(side * factor) for side in FACE.as_list()))
    assert max(each.box.overlap(there) for each in found) > 0.6


def test_the_search_keeps_to_its_area(detector):
    """Near the face it is found; elsewhere, or for other sizes, it is not."""
    frame = astronaut_gray()
    (found,) = detector.detect(frame, Look(320, area=FACE.grown(0.5), min_face_px=70, max_face_px=130))
    assert found.box.overlap(FACE) > 0.7
    for area in (FACE.moved(250, 200), FACE.moved(5000, 0)):
        assert detector.detect(frame, Look(320, area=area, min_face_px=70, max_face_px=130)) == []
    assert detector.detect(frame, Look(320, area=FACE.grown(0.5), min_face_px=30, max_face_px=60)) == []


@pytest.mark.parametrize("roll_deg", [-20.0, 20.0])
@pytest.mark.parametrize("border", [0.0, 0.2])
@pytest.mark.parametrize("area", [None, FACE.grown(0.4)])
def test_a_head_that_leans_is_found_where_it_is(detector, roll_deg, border, area):
    """By the look that leans with it, and its box stands about the same middle."""
    frame = turned(astronaut_gray(), roll_deg)
    found = detector.detect(frame, Look(320, roll_deg=roll_deg, border=border, area=area))
    best = max(found, key=lambda each: each.box.overlap(FACE))
    assert best.box.overlap(FACE) > 0.6
    assert best.roll_deg == roll_deg


def test_a_face_that_fills_the_picture_needs_a_border(detector):
    """The cascade wants some of what is around it."""
    face = FACE.grown(-0.05).crop(astronaut_gray())
    frame = np.asarray(cv2.resize(face, (480, 480)), np.uint8)
    assert detector.detect(frame, Look(320)) == []
    (found,) = detector.detect(frame, Look(160, border=0.25))
    assert found.box.width > 350


def test_profiles_are_told_apart_by_their_side(detector):
    """What is a left side is a right one in the mirror; the box is mirrored with it."""
    frame = np.asarray(cv2.resize(astronaut_gray(), None, fx=2, fy=2), np.uint8)
    left = detector.detect(frame, Look(320, Pattern.LEFT_SIDE))
    right = detector.detect(np.ascontiguousarray(frame[:, ::-1]), Look(320, Pattern.RIGHT_SIDE))
    assert [each.box.y for each in left] == [each.box.y for each in right]
    for one, other in zip(left, right, strict=True):
        assert one.box.x + one.box.width == pytest.approx(frame.shape[1] - other.box.x, abs=4)


@pytest.mark.parametrize("frame", [room(), *[frame for _, frame in zip(range(5), noise_frames(), strict=False)]])
def test_rooms_and_noise_have_no_faces(detector, frame):
    """Nor do tiny, black and white frames, by no look."""
    settings = SearchSettings()
    for picture in (frame, frame[:1, :1], np.zeros_like(frame), np.full_like(frame, 255)):
        for look in (first_look(settings, picture.shape[1]), *further_looks(settings, picture.shape[1])):
            assert detector.detect(picture, look) == []
