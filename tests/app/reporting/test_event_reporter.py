"""The event reporter publishes faces, emotions and the end of a run, and counts frames."""

import pytest

from assistant.app.events import Event, EventHub
from assistant.app.reporting.event_reporter import RATE_OVER_S, EventReporter
from assistant.emotion.debouncing.debounce import EmotionSettled, FaceAppeared, FaceLost
from assistant.emotion.movement_watch import MovementChange
from assistant.emotion.movements import Movement
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from assistant.face.attention import Attention
from assistant.face.pose import HeadPose
from assistant.geometry import BoundingBox
from tests.fakes.event_listeners import KeptEvents


@pytest.fixture
def kept():
    """Return the listener that gets the reporter's events."""
    return KeptEvents()


@pytest.fixture
def reporter(kept):
    """Return a reporter that has counted no frame."""
    return EventReporter(EventHub([kept]))


@pytest.mark.parametrize("pose", [None, HeadPose(yaw_deg=-31.26, pitch_deg=4.0, roll_deg=0.04)])
def test_a_face_is_published_with_its_place_and_pose(reporter, kept, pose):
    """A face that leaves has the box of the last frame that it was in, and the pose if the detector measures one."""
    reporter.count_frame(ClassifiedFace(BoundingBox(10, 20, 90, 90), None, None, pose), 1.0)
    reporter.publish_change(FaceAppeared(), 1.0)
    reporter.count_frame(None, 2.0)
    reporter.publish_change(FaceLost(), 2.0)
    rounded = pose and {"yaw_deg": -31.3, "pitch_deg": 4.0, "roll_deg": 0.0}
    fields = {"box": [10, 20, 90, 90], "pose": rounded}
    assert kept.events == [
        Event(1.0, "face", {"face": "appeared", **fields}),
        Event(2.0, "face", {"face": "lost", **fields}),
    ]


def test_a_look_is_published_with_the_pose(reporter, kept):
    """A look, and its end, have the pose of the last frame."""
    pose = HeadPose(yaw_deg=-31.26, pitch_deg=4.0, roll_deg=0.04)
    reporter.count_frame(ClassifiedFace(BoundingBox(10, 20, 90, 90), None, None, pose), 1.0)
    reporter.publish_attention(Attention.LEFT, 1.0)
    reporter.publish_attention(Attention.UNKNOWN, 2.0)
    rounded = {"yaw_deg": -31.3, "pitch_deg": 4.0, "roll_deg": 0.0}
    assert kept.events == [
        Event(1.0, "attention", {"attention": "left", "pose": rounded}),
        Event(2.0, "attention", {"attention": "unknown", "pose": rounded}),
    ]


def test_a_movement_is_published_when_it_begins_and_ends(reporter, kept):
    """Both are events; only the beginning is said."""
    reporter.publish_movement(MovementChange(Movement.SMILE, has_begun=True), 1.0)
    reporter.publish_movement(MovementChange(Movement.SMILE, has_begun=False), 2.0)
    assert kept.events == [
        Event(1.0, "movement", {"movement": "smile", "begun": True}),
        Event(2.0, "movement", {"movement": "smile", "begun": False}),
    ]


def test_a_face_before_the_first_frame_has_no_place(reporter, kept):
    """Without any frame there is no box and no pose to publish."""
    reporter.publish_change(FaceAppeared(), 0.0)
    assert kept.events == [Event(0.0, "face", {"face": "appeared", "box": None, "pose": None})]


def test_an_emotion_is_published_with_its_confidence_and_all_scores(reporter, kept):
    """The confidence is the score of the emotion itself; every score is rounded to four digits."""
    scores = EmotionScores((0.012345, 0.0, 0.0, 0.987655, 0.0, 0.0, 0.0))
    emotion = EMOTIONS[3]
    reporter.publish_change(EmotionSettled(emotion, True, scores), 3.0)
    (event,) = kept.events
    assert (event.t_s, event.kind) == (3.0, "emotion")
    assert (event.fields["emotion"], event.fields["confidence"]) == (str(emotion), 0.9877)
    assert event.fields["sure"] is True
    assert event.fields["scores"] == scores.by_label()
    assert list(event.fields["scores"]) == [str(each) for each in Emotion]


def test_the_frame_rate_is_the_average_of_the_last_seconds(reporter):
    """At ten frames a second, then at two, the rate of the last five seconds goes from the one to the other."""
    assert reporter.fps(0.0) == 0.0
    for number in range(100):
        reporter.count_frame(None, number / 10)
    assert reporter.fps(9.9) == pytest.approx(10.0, abs=0.2)
    for number in range(20):
        reporter.count_frame(None, 10 + number / 2)
    assert reporter.fps(19.5) == pytest.approx(2.0, abs=0.2)
    assert reporter.fps(19.5 + RATE_OVER_S) == 0.0


def test_the_frame_rate_of_the_first_second_is_not_too_low(reporter):
    """Half a second after the first frame, the average is over half a second."""
    for number in range(6):
        reporter.count_frame(None, 100 + number / 10)
    assert reporter.fps(100.5) == pytest.approx(12.0)


@pytest.mark.parametrize(
    ("times_s", "frames", "fps"),
    [((), 0, 0.0), ((4.0,), 1, 0.0), ((4.0, 4.1, 4.2, 4.3), 4, 10.0), ((0.0, 60.0), 2, 0.0)],
)
def test_the_end_has_the_frames_their_rate_and_the_dropped_ones(reporter, kept, times_s, frames, fps):
    """The rate of the end is the average between the first and the last frame of the run."""
    for t_s in times_s:
        reporter.count_frame(None, t_s)
    reporter.publish_end(61.0, dropped=3)
    assert kept.events == [Event(61.0, "end", {"frames": frames, "fps": fps, "dropped": 3})]
