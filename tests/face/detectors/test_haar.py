"""The cascade on a photograph."""

import cv2
import numpy as np
import pytest

from assistant.face.detector import Region
from assistant.face.detectors.haar import HaarDetector
from assistant.geometry import BoundingBox
from tests.builders.clips import astronaut_gray
from tests.builders.faces import FACE, region

pytestmark = pytest.mark.runtime


@pytest.fixture(scope="module")
def detector():
    """Return the real cascade."""
    return HaarDetector()


@pytest.mark.parametrize("factor", [0.625, 1.0, 2.0, 4.0])
def test_the_size_of_the_frame_does_not_matter(detector, factor):
    """Frames of 320 to 2048 pixels are scanned at 320 pixels, and the box is in pixels of the frame."""
    frame = np.asarray(cv2.resize(astronaut_gray(), None, fx=factor, fy=factor), np.uint8)
    there = BoundingBox(*(round(side * factor) for side in FACE.as_list()))
    assert max(each.box.overlap(there) for each in detector.detect(frame)) > 0.6


def test_only_faces_of_about_the_known_size_are_found(detector):
    """In a region, a face outside of its range of sizes is not found."""
    frame = astronaut_gray()
    assert detector.detect(frame, Region(FACE.grown(0.5), 45, 30, 60)) == []
    assert detector.detect(frame, Region(FACE.grown(0.5), 95, 70, 130)) != []


@pytest.mark.parametrize("width", [40, 95, 300])
def test_a_known_face_of_any_size_is_found_again(detector, width):
    """Small faces are not reduced for the scan, and large ones are reduced more."""
    factor = width / FACE.width
    frame = np.asarray(cv2.resize(astronaut_gray(), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    there = BoundingBox(*(round(side * factor) for side in FACE.as_list()))
    (found,) = detector.detect(frame, region(there))
    assert found.box.overlap(there) > 0.7


def test_a_known_face_that_fills_the_frame_is_found_again(detector):
    """The frame gets a border, since the cascade needs some surroundings of a face."""
    frame = np.asarray(cv2.resize(FACE.grown(-0.05).crop(astronaut_gray()), (480, 480)), np.uint8)
    (found,) = detector.detect(frame, region(BoundingBox(0, 0, 480, 480)))
    assert found.box.width > 350


def test_it_tells_no_pose(detector):
    """The cascade gives no points and no pose, so that a face counts as upright and not turned."""
    (found,) = detector.detect(astronaut_gray())
    assert (found.score, found.points, found.pose, found.roll_deg) == (1.0, None, None, 0.0)
