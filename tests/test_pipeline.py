"""From frames to observations, with the real detector and the model that ships."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.adapters.haar import HaarFaceDetector
from assistant.adapters.tflite import TFLiteClassifier
from assistant.assemble import shipped_model
from assistant.emotions import Emotion, EmotionScores
from assistant.pipeline import MOST_JUDGED, Perception, judge_all
from assistant.placement import Direction
from assistant.ports import Classification, Observation
from assistant.preprocess import as_gray
from assistant.quality import Reason
from assistant.search import SearchPlan, SearchSettings
from assistant.tracking import FaceTracker, TrackingSettings
from tests.clips import astronaut_gray, room

pytestmark = pytest.mark.runtime

FPS = 15
HAPPY = EmotionScores(tuple(float(each is Emotion.HAPPY) for each in Emotion))


class CountingDetector(HaarFaceDetector):
    """Counts its looks."""

    looks = 0

    def detect(self, gray, look):
        """As the detector."""
        self.looks += 1
        return super().detect(gray, look)


class ScriptedClassifier:
    """Says the same of every face: it is happy, and none by `doubts`, one after the other, the last for ever."""

    def __init__(self, *doubts):
        self.doubts = list(doubts)
        self.asked = 0

    def classify(self, face):
        """The next of them."""
        self.asked += 1
        return Classification(HAPPY, self.doubts.pop(0) if len(self.doubts) > 1 else self.doubts[0])


class BrightIsNone:
    """Takes every bright face for none."""

    def classify(self, face):
        """By its mean."""
        return Classification(HAPPY, 0.5 if face.mean() > 90 else 0.0)


@pytest.fixture(scope="module")
def detector():
    """With all its cascades."""
    return CountingDetector()


@pytest.fixture(scope="module")
def classifier():
    """The one that ships."""
    return TFLiteClassifier(shipped_model())


def perception(detector, classifier):
    """A new one, that knows nobody."""
    tracker = FaceTracker(TrackingSettings(), 1.0)
    return Perception(detector, classifier, tracker, SearchPlan(SearchSettings()), view_deg=66.0)


def frame_with(*places: tuple[float, float], scale: float = 1.0, roll_deg: float = 0.0):
    """A frame with the astronaut's face, 95 pixels wide, about each of these middles, leaning clockwise."""
    frame = room()
    for x, y in places:
        turn = cv2.getRotationMatrix2D((224.5, 113.5), -roll_deg, scale)
        turn[:, 2] += (x - 224.5, y - 113.5)
        mask = cv2.ellipse(np.zeros((512, 512), np.uint8), (224, 125), (85, 110), 0, 0, 360, 255, -1)
        face, there = (cv2.warpAffine(each, turn, (640, 480)) for each in (astronaut_gray(), mask))
        frame = np.where(there > 0, face, frame)
    return np.asarray(frame, np.uint8)


def test_the_one_in_front_is_judged_and_placed(detector, classifier):
    """Where, how far, how many; the same person in every frame."""
    looking = perception(detector, classifier)
    seen = [looking.perceive(frame_with((200 + 2 * number, 200)), number / FPS) for number in range(30)]
    last = seen[-1]
    assert last.face is not None
    assert last.face.scores is not None
    assert {each.person for each in seen} == {1}
    assert last.people == 1
    assert last.placement is not None
    assert last.placement.direction is Direction.AHEAD
    assert last.placement.distance_m == pytest.approx(0.86, rel=0.15)


@pytest.mark.parametrize("roll_deg", [-20, 20])
def test_a_face_that_leans_is_judged_upright(detector, classifier, roll_deg):
    """Its scores are about those that it has when it does not lean."""
    upright, leaning = (
        judge_all(frame_with((320, 240), roll_deg=roll), detector, classifier)[0] for roll in (0, roll_deg)
    )
    assert abs(leaning.roll_deg) in {0.0, 20.0}
    assert upright.scores is not None
    assert leaning.scores is not None
    assert leaning.scores.best is upright.scores.best


@pytest.mark.parametrize("roll_deg", [-20, 20])
def test_a_known_face_that_begins_to_lean_is_kept(detector, classifier, roll_deg):
    """Within a few frames at the most, as the same person."""
    looking = perception(detector, classifier)
    seen = [
        looking.perceive(frame_with((320, 240), roll_deg=roll_deg * min(1.0, number / 20)), number / FPS)
        for number in range(40)
    ]
    assert {each.person for each in seen if each.face is not None} == {1}
    longest = max(len(gap) for gap in "".join("x" if each.face else "." for each in seen).split("x"))
    assert longest <= 4


def test_what_is_no_face_is_nobody(detector):
    """However often the cascade finds it; what is a face is, though a frame says otherwise now and then."""
    curtain = perception(detector, ScriptedClassifier(0.3))
    assert {curtain.perceive(frame_with((320, 240)), number / FPS) for number in range(20)} == {Observation(None)}
    person = perception(detector, ScriptedClassifier(0.0, 0.0, 0.0, 0.2, 0.0))
    seen = [person.perceive(frame_with((320, 240)), number / FPS) for number in range(8)]
    assert all(each.person == 1 for each in seen)
    assert [each.face.reason for each in seen if each.face] == [*[None] * 3, Reason.NOT_A_FACE, *[None] * 4]


def test_a_curtain_does_not_hide_a_face(detector):
    """The further looks go on where the first finds only what was refused before."""
    looking = perception(detector, BrightIsNone())
    curtain = frame_with((160, 240))
    for number in range(10):
        assert looking.perceive(curtain, number / FPS).face is None
    both = curtain.copy()
    both[:, 320:] = frame_with((480, 240), scale=0.45)[:, 320:] // 2
    seen = [looking.perceive(both, (10 + number) / FPS) for number in range(40)]
    assert any(each.face is not None and each.face.box.center[0] > 320 for each in seen)


def test_a_crowd_takes_a_bounded_time(detector):
    """Few looks and few judgements a frame, however many faces hang on the wall."""
    rows = [(x, y) for y in range(60, 480, 70) for x in range(40, 640, 60)]
    poster = frame_with(*rows, scale=0.5)
    classifier = ScriptedClassifier(0.0)
    looking = perception(detector, classifier)
    for number in range(10):
        looks, asked = detector.looks, classifier.asked
        seen = looking.perceive(poster, number / FPS)
        assert detector.looks - looks <= 4
        assert classifier.asked - asked <= MOST_JUDGED + 1
    assert seen.people > 1


PICTURES = st.builds(
    lambda shape, kind, fill, step: np.full(shape, fill).astype(kind)[::step, ::step],
    st.one_of(
        st.tuples(st.integers(0, 700), st.integers(0, 700)),
        st.tuples(st.integers(1, 200), st.integers(1, 200), st.integers(0, 5)),
    ),
    st.sampled_from([np.uint8, np.uint16, np.int16, np.int64, np.float16, np.float32, np.float64, np.bool_]),
    st.sampled_from([0, 1, 127, 255]),
    st.sampled_from([1, 2, -1]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pictures=st.lists(PICTURES, min_size=1, max_size=3))
def test_any_frame_is_an_observation(detector, classifier, pictures):
    """Of any size, channel count, stride and type, one after the other: nobody in it, and no exception."""
    looking = perception(detector, classifier)
    for number, picture in enumerate(pictures):
        assert looking.perceive(picture, number / FPS).face is None


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.int32])
@pytest.mark.parametrize("channels", [None, 1, 3, 4])
def test_a_face_is_seen_in_any_kind_of_frame(detector, classifier, kind, channels):
    """Colours, more bits, fractions: the same face."""
    gray = frame_with((320, 240))
    full = {np.uint16: 257, np.float32: 1 / 255}.get(kind, 1)
    picture = (gray.astype(np.float64) * full).astype(kind)
    if channels is not None:
        picture = np.repeat(picture[..., np.newaxis], channels, axis=2)
    assert np.abs(as_gray(picture).astype(int) - gray).max() <= 1
    (face,) = judge_all(picture, detector, classifier)
    assert face.scores is not None


def test_a_face_that_fills_the_frame_is_found(detector, classifier):
    """Nothing is left around it."""
    face = astronaut_gray()[70:158, 181:269]
    picture = np.asarray(cv2.resize(face, (640, 640)), np.uint8)
    (judged,) = judge_all(picture, detector, classifier)
    assert judged.box.width > 400
