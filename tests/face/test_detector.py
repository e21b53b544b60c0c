"""The cases that every face detector passes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import Detection, FaceDetector, distinct
from assistant.face.detectors.registry import DETECTORS, DetectorKind, build_detector, detector_help
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.face.tracker import FaceTracker, TrackingSettings
from assistant.geometry import BoundingBox
from assistant.networks.shipped import shipped_finder, shipped_model
from tests.builders.clips import astronaut_gray, noise_frames, room
from tests.builders.faces import EVERY_DETECTOR, FACE, region, sure

pytestmark = pytest.mark.runtime

every_detector = pytest.mark.parametrize("detector", EVERY_DETECTOR, indirect=True)


@pytest.fixture(scope="module")
def detector(request):
    """Return the real detector of this name."""
    return build_detector(request.param)


@every_detector
def test_the_square_is_the_cascades_in_frame_pixels(detector):
    """Each detector gives the square of the cascade, since the classifier learned from such squares."""
    (found,) = sure(detector.detect(astronaut_gray()))
    assert found.box.overlap(FACE) > 0.7
    assert found.box.width == found.box.height
    assert 0 < found.score <= 1


@every_detector
def test_a_region_is_searched_and_nothing_else(detector):
    """The face is found in the region around it, and not in a region elsewhere or outside of the frame."""
    frame = astronaut_gray()
    (found,) = detector.detect(frame, region(FACE))
    assert found.box.overlap(FACE) > 0.7
    for elsewhere in (FACE.moved(250, 200), FACE.moved(5000, 0)):
        assert list(detector.detect(frame, region(elsewhere))) == []


@every_detector
@pytest.mark.parametrize("frame", [room(), *[frame for _, frame in zip(range(5), noise_frames(), strict=False)]])
def test_rooms_and_noise_have_no_faces(detector, frame):
    """Rooms, noise, tiny, black, white and empty frames have no face."""
    for picture in (frame, frame[:1, :1], frame[:0], frame[:, :0], np.zeros_like(frame), np.full_like(frame, 255)):
        assert sure(detector.detect(picture)) == []


@every_detector
def test_faces_that_are_known_are_found_once(detector):
    """With the known faces given, each face is found once or not at all."""
    frame = astronaut_gray()
    found = detector.detect(frame)
    assert len(distinct([*sure(found), *sure(detector.detect(frame, known=found))])) == len(sure(found)) == 1


@every_detector
@settings(max_examples=30)
@given(
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.integers(0, 2**32 - 1),
    st.builds(BoundingBox, st.integers(-400, 400), st.integers(-400, 400), *[st.integers(1, 500)] * 2),
)
def test_any_frame_and_any_region_can_be_searched(detector, shape, seed, box):
    """Frames of any size and regions anywhere raise no error."""
    frame = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    for found in (*detector.detect(frame, region(box)), *detector.detect(frame)):
        assert found.box.width > 0
        assert np.isfinite(found.score)


def test_each_face_counts_once():
    """Of two boxes that overlap, the first one counts."""
    here, near, far = (Detection(BoundingBox(x, 100, 90, 90)) for x in (100, 130, 300))
    assert distinct([here, near, far]) == [here, far]


class CornerDetector:
    """A detector that finds a face in the upper left corner of every frame."""

    def __init__(self, finder: Path) -> None:
        self.finder = finder

    def detect(self, gray, region=None, known=()):
        """Return the same face each time."""
        return [Detection(BoundingBox(0, 0, 95, 95), evidence=5.0)]


@pytest.fixture
def detectors():
    """Return the shipped detectors and one more."""
    return {**DETECTORS, "corner": DetectorKind(CornerDetector, "for the tests")}


def test_another_detector_is_a_line(detectors):
    """An added detector is built by its name with the finder's file, is named in the help, and works."""
    built: FaceDetector = build_detector("corner", detectors=detectors)
    assert isinstance(built, CornerDetector)
    assert built.finder == shipped_finder()
    assert detector_help(detectors) == f"{detector_help()}, corner (for the tests)"
    tracker, schedule = FaceTracker(TrackingSettings(), 1.0), ScanSchedule(SearchSettings())
    perception = Perception(built, TFLiteClassifier(shipped_model()), tracker, schedule)
    seen = perception.perceive(astronaut_gray(), 0.0)
    assert seen.face is not None
    assert seen.face.box == BoundingBox(0, 0, 95, 95)


def test_the_settings_allow_each_detector():
    """The setting's choices are the detectors, and its text describes each."""
    (detector,) = (each for each in dataclasses.fields(SearchSettings) if each.name == "detector")
    assert detector.metadata["choices"] == tuple(DETECTORS)
    assert all(kind.text in detector.metadata["doc"] for kind in DETECTORS.values())
