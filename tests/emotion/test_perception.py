"""Perception: from frames to observations, with the real detector and model, and with scripted ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.emotion.observation import Classification, Observation
from assistant.emotion.perception import MOST_CLASSIFIED, Perception, classify_faces
from assistant.emotion.preprocess import as_gray
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import Emotion, EmotionScores
from assistant.face.detector import Detection
from assistant.face.detectors.registry import build_detector
from assistant.face.evidence import NOT_A_FACE_FROM, veto_evidence
from assistant.face.pose import FACING, HeadPose
from assistant.face.position import Direction
from assistant.face.quality import MAX_YAW_DEG
from assistant.face.reject_reason import RejectReason
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.face.tracker import FaceTracker, TrackingSettings
from assistant.geometry import BoundingBox
from assistant.networks.shipped import shipped_model
from tests.builders.faces import frame_with

pytestmark = pytest.mark.runtime

FPS = 15
HAPPY = EmotionScores(tuple(float(each is Emotion.HAPPY) for each in Emotion))
PLACE = BoundingBox(270, 190, 95, 95)


class ScriptedDetector:
    """A detector that finds the same faces in every frame, without those that are known, and counts the calls."""

    def __init__(self, *faces):
        self.faces = faces
        self.asked = []

    def detect(self, gray, region=None, known=()):
        """Return the faces that lie in the region and are not known."""
        self.asked.append(region)
        new = [each for each in self.faces if all(each.box.overlap(one.box) < 0.3 for one in known)]
        return [each for each in new if region is None or region.area.overlap(each.box) > 0.3]


class HastyDetector(ScriptedDetector):
    """A detector that returns only the first face that it finds."""

    def detect(self, gray, region=None, known=()):
        """Return the first face."""
        return super().detect(gray, region, known)[:1]


class ScriptedClassifier:
    """A classifier that calls every face happy, and no face with the next of these doubts; the last one stays.

    Its log odds for a face are always the same.
    """

    def __init__(self, *doubts, face_log_odds=None):
        self.doubts = list(doubts)
        self.face_log_odds = face_log_odds
        self.asked = 0

    def classify(self, face):
        """Return the next classification."""
        self.asked += 1
        doubt = self.doubts.pop(0) if len(self.doubts) > 1 else self.doubts[0]
        return Classification(HAPPY, doubt, veto_evidence(doubt, NOT_A_FACE_FROM), self.face_log_odds)


class BrightIsNone:
    """A classifier that takes every bright face for no face."""

    def classify(self, face):
        """Classify by the mean gray level."""
        doubt = 0.5 if face.mean() > 90 else 0.0
        return Classification(HAPPY, doubt, veto_evidence(doubt, NOT_A_FACE_FROM))


@pytest.fixture(scope="module")
def detector():
    """Return the shipped detector."""
    return build_detector()


@pytest.fixture(scope="module")
def classifier():
    """Return the shipped classifier."""
    return TFLiteClassifier(shipped_model())


def perception(detector, classifier, *, near_scan_s=0.0):
    """Return a perception that knows nobody, and by default searches around the face in front in each frame."""
    tracker = FaceTracker(TrackingSettings(), 1.0)
    schedule = ScanSchedule(SearchSettings(near_scan_s=near_scan_s))
    return Perception(detector, classifier, tracker, schedule, view_deg=66.0)


def test_between_two_searches_the_face_is_followed_by_its_looks():
    """While the face looks the same, every second frame is neither searched nor classified, and keeps the scores."""
    detector, asked = ScriptedDetector(Detection(PLACE)), ScriptedClassifier(0.0)
    looking = perception(detector, asked, near_scan_s=0.13)
    seen = [looking.perceive(frame_with((320 + number % 2, 240)), number / FPS) for number in range(20)]
    assert {each.track_id for each in seen} == {1}
    assert all(each.face is not None and each.face.scores == HAPPY for each in seen)
    assert asked.asked == 10
    boxes = [each.face.box for each in seen]
    assert abs(boxes[11].x - boxes[10].x) <= 2


def test_a_face_that_changes_between_two_searches_is_classified_again():
    """A followed face that looks different keeps its place and gets new scores."""
    asked = ScriptedClassifier(0.0)
    looking = perception(ScriptedDetector(Detection(PLACE)), asked, near_scan_s=1.0)
    same, changed = frame_with((320, 240)), frame_with((320, 240))
    changed[262:276, 300:345] = 120
    for number, (frame, times) in enumerate([(same, 1), (same, 1), (changed, 2), (same, 2)]):
        looking.perceive(frame, number / FPS)
        assert asked.asked == times, number


def test_somebody_who_is_nearer_becomes_the_one_in_front():
    """A person with a much larger face takes over after a while, though most frames are searched near the first one."""
    near, far = Detection(BoundingBox(400, 150, 200, 200)), Detection(BoundingBox(100, 200, 60, 60))
    detector = ScriptedDetector(far)
    looking = perception(detector, ScriptedClassifier(0.0), near_scan_s=0.13)
    frame = frame_with((500, 250), scale=2.0)
    first = [looking.perceive(frame, number / FPS).track_id for number in range(15)]
    detector.faces = (far, near)
    later = [looking.perceive(frame, number / FPS).track_id for number in range(15, 90)]
    assert set(first) == {1}
    assert later[0] == 1
    assert later[-1] == 2


def test_a_face_that_is_gone_is_searched_at_once():
    """A frame in which nothing looks like the face is searched, though no search is due."""
    detector = ScriptedDetector(Detection(PLACE))
    looking = perception(detector, ScriptedClassifier(0.0), near_scan_s=1.0)
    for number in range(3):
        looking.perceive(frame_with((320, 240)), number / FPS)
    searches = len(detector.asked)
    detector.faces = ()
    assert looking.perceive(frame_with(), 3 / FPS).face is None
    assert len(detector.asked) > searches


def test_the_one_in_front_is_judged_and_placed(detector, classifier):
    """The person in front stays the same person, with an emotion, a direction and a distance."""
    looking = perception(detector, classifier)
    seen = [looking.perceive(frame_with((200 + 2 * number, 200)), number / FPS) for number in range(30)]
    last = seen[-1]
    assert last.face is not None
    assert last.face.scores is not None
    assert {each.track_id for each in seen} == {1}
    assert last.people == 1
    assert last.placement is not None
    assert last.placement.direction is Direction.AHEAD
    assert last.placement.distance_m == pytest.approx(0.86, rel=0.15)


def test_a_head_that_turns_away_and_back_is_judged_again(classifier):
    """While the head is turned away, the person is followed and placed, and has no emotion."""
    detector = ScriptedDetector()
    looking = perception(detector, classifier)
    seen = []
    for number, yaw_deg in enumerate([*range(0, 80, 5), *range(80, -5, -5)]):
        detector.faces = [Detection(PLACE, pose=replace(FACING, yaw_deg=float(yaw_deg)))]
        seen.append((yaw_deg, looking.perceive(frame_with((320, 240)), number / FPS)))
    assert {each.track_id for _, each in seen} == {1}
    assert all(each.placement is not None and each.people == 1 for _, each in seen)
    for yaw_deg, each in seen:
        assert each.face is not None
        assert each.face.pose == HeadPose(yaw_deg, 0.0, 0.0)
        assert each.face.reason is (RejectReason.TURNED_AWAY if yaw_deg > MAX_YAW_DEG else None)
        assert (each.face.scores is None) == (yaw_deg > MAX_YAW_DEG)


@pytest.mark.parametrize("roll_deg", [-30.0, 30.0])
def test_a_head_that_leans_is_judged_upright(classifier, roll_deg):
    """The crop is turned by the pose of the detector."""
    box = BoundingBox(320 - 47, 240 - 47, 95, 95)
    found = [ScriptedDetector(Detection(box, pose=replace(FACING, roll_deg=roll))) for roll in (0.0, roll_deg)]
    frames = [frame_with((320, 240), roll_deg=roll) for roll in (0.0, roll_deg)]
    upright, leaning = (classify_faces(frame, each, classifier)[0] for frame, each in zip(frames, found, strict=True))
    assert leaning.scores is not None
    assert np.abs(np.subtract(upright.scores.values, leaning.scores.values)).max() < 0.15


def test_what_is_no_face_is_nobody():
    """What is always doubted is nobody; a face stays a face although one frame is doubted."""
    found = ScriptedDetector(Detection(PLACE))
    curtain = perception(found, ScriptedClassifier(0.3))
    assert {curtain.perceive(frame_with((320, 240)), number / FPS) for number in range(20)} == {Observation(None)}
    track_id = perception(found, ScriptedClassifier(0.0, 0.0, 0.0, 0.2, 0.0))
    seen = [track_id.perceive(frame_with((320, 240)), number / FPS) for number in range(8)]
    assert all(each.track_id == 1 for each in seen)
    assert [each.face.reason for each in seen if each.face] == [*[None] * 3, RejectReason.NOT_A_FACE, *[None] * 4]


@pytest.mark.parametrize(
    ("evidence", "face_log_odds", "is_face"),
    [
        (-0.7, 1.0, True),
        (-0.7, 0.75, False),
        (0.1, -0.1, True),
        (0.1, -0.15, False),
        (2.0, -2.1, True),
        (2.0, -2.6, False),
        (0.1, None, True),
        (-0.1, None, False),
    ],
)
def test_the_detector_and_the_network_decide_together(evidence, face_log_odds, is_face):
    """The surer the detector is, the more doubt of the network is needed against the face, and the other way round."""
    found = ScriptedDetector(Detection(PLACE, evidence=evidence))
    classifier = ScriptedClassifier(0.0, face_log_odds=face_log_odds)
    assert bool(classify_faces(frame_with((320, 240)), found, classifier)) == is_face


def test_who_was_there_for_long_is_not_lost_in_doubt():
    """A sure face may be less sure later; what never was sure stays nobody, and what is clearly no face goes."""
    detector = ScriptedDetector(Detection(PLACE, evidence=1.0))
    track_id = perception(detector, ScriptedClassifier(0.01))
    frame = frame_with((320, 240))
    sure = [Detection(PLACE, evidence=1.0)] * 40
    doubtful = [Detection(PLACE, evidence=-0.2)] * 40
    for number, found in enumerate([*sure, *doubtful]):
        detector.faces = [found]
        assert track_id.perceive(frame, number / FPS).track_id == 1
    detector.faces = [Detection(PLACE, evidence=-2.0)]
    later = [track_id.perceive(frame, (80 + number) / FPS).track_id for number in range(10)]
    assert later[-1] is None
    for evidence in (-0.2, 0.4):
        never = perception(ScriptedDetector(Detection(PLACE, evidence=evidence)), ScriptedClassifier(0.01))
        assert {never.perceive(frame, number / FPS).track_id for number in range(40)} == {None}


def test_a_curtain_does_not_hide_a_face():
    """The scan goes on after a detection that was rejected before."""
    curtain, track_id = Detection(BoundingBox(100, 190, 95, 95)), Detection(BoundingBox(440, 200, 60, 60))
    looking = perception(HastyDetector(curtain, track_id), BrightIsNone())
    both = frame_with((147, 237))
    both[:, 320:] = frame_with((470, 230), scale=0.63)[:, 320:] // 2
    seen = [looking.perceive(both, 0.1 * number) for number in range(5)]
    assert [each.face is not None and each.face.box == track_id.box for each in seen] == [False, *[True] * 4]


def test_a_crowd_takes_a_bounded_time():
    """A frame takes few scans and few classifications, however many faces it has."""
    faces = [Detection(BoundingBox(x, y, 50, 50)) for y in range(10, 420, 70) for x in range(10, 580, 60)]
    detector, classifier = ScriptedDetector(*faces), ScriptedClassifier(0.0)
    looking = perception(detector, classifier)
    poster = frame_with((320, 240))
    for number in range(10):
        detector.asked.clear()
        asked = classifier.asked
        seen = looking.perceive(poster, number / FPS)
        assert len(detector.asked) <= 3
        assert classifier.asked - asked <= MOST_CLASSIFIED + 1
    assert seen.people > 1


def test_doubtful_detections_are_nobody_before_the_network_was_asked():
    """Of many doubtful detections only some are shown to the network in one frame; the others are not people."""
    doubtful = [Detection(BoundingBox(20 + 90 * number, 200, 60, 60), evidence=-1.0) for number in range(6)]
    looking = perception(ScriptedDetector(*doubtful), ScriptedClassifier(0.0, face_log_odds=-3.0))
    assert {looking.perceive(frame_with((320, 240)), number / FPS).people for number in range(10)} == {0}


def test_all_faces_of_a_picture_are_judged(classifier):
    """The largest face comes first, and every face is found although one scan returns one face."""
    small, large = Detection(BoundingBox(100, 190, 60, 60)), Detection(BoundingBox(400, 190, 95, 95))
    faces = classify_faces(frame_with((130, 220), (447, 237)), HastyDetector(small, large), ScriptedClassifier(0.0))
    assert [face.box for face in faces] == [large.box, small.box]


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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pictures=st.lists(PICTURES, min_size=1, max_size=3))
def test_any_frame_is_an_observation(detector, classifier, pictures):
    """Frames of any size, shape, stride and type, one after the other, show nobody and raise no error."""
    looking = perception(detector, classifier)
    for number, picture in enumerate(pictures):
        assert looking.perceive(picture, number / FPS).face is None


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.int32])
@pytest.mark.parametrize("channels", [None, 1, 3, 4])
def test_a_face_is_seen_in_any_kind_of_frame(detector, classifier, kind, channels):
    """The same face is found in colour, with more bits and in fractions."""
    gray = frame_with((320, 240))
    full = {np.uint16: 257, np.float32: 1 / 255}.get(kind, 1)
    picture = (gray.astype(np.float64) * full).astype(kind)
    if channels is not None:
        picture = np.repeat(picture[..., np.newaxis], channels, axis=2)
    assert np.abs(as_gray(picture).astype(int) - gray).max() <= 1
    (face,) = classify_faces(picture, detector, classifier)
    assert face.scores is not None
