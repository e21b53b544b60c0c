"""What is worth saying."""

import pytest

from assistant.announcer import Announcer, AnnouncerSettings, Priority
from assistant.debounce import EmotionSettled, FaceAppeared, FaceLost
from assistant.emotions import Emotion
from assistant.geometry import BoundingBox
from assistant.phrases import Phrases
from assistant.ports import JudgedFace, Observation
from assistant.quality import Reason
from tests.test_debounce import sure

pytestmark = pytest.mark.runtime

PHRASES = Phrases.load("en")
BOX = BoundingBox(0, 0, 80, 80)


def spoken(announcer, emotion, now):
    """The words for an emotion that has settled, if any."""
    announcement = announcer.consider(EmotionSettled(emotion, sure(emotion)), now)
    if announcement is None:
        return None
    announcer.begun(announcement, now)
    return PHRASES.text(announcement)


@pytest.mark.parametrize(
    ("emotion", "words"),
    [
        (Emotion.HAPPY, "looks happy"),
        (Emotion.SURPRISE, "looks surprised"),
        (Emotion.ANGRY, "maybe angry"),
        (Emotion.SAD, "maybe sad"),
        (Emotion.FEAR, None),
        (Emotion.DISGUST, None),
        (Emotion.NEUTRAL, None),
    ],
)
def test_emotions_are_worded_by_their_reliability(emotion, words):
    """Plain, hedged or not at all."""
    assert spoken(Announcer(), emotion, 0.0) == words


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ([(0, Emotion.HAPPY), (10, Emotion.HAPPY)], ["looks happy", None]),
        ([(0, Emotion.HAPPY), (31, Emotion.HAPPY)], ["looks happy", "looks happy"]),
        ([(0, Emotion.HAPPY), (5, Emotion.NEUTRAL), (10, Emotion.HAPPY)], ["looks happy", None, None]),
        ([(0, Emotion.HAPPY), (5, Emotion.SAD), (10, Emotion.HAPPY)], ["looks happy", "maybe sad", "looks happy"]),
    ],
)
def test_nothing_is_repeated_soon(story, said):
    """The same again only after a while, or after another."""
    announcer = Announcer()
    assert [spoken(announcer, emotion, now) for now, emotion in story] == said


def test_what_was_not_heard_is_not_said():
    """An announcement that never sounded does not keep the next one silent."""
    announcer = Announcer()
    settled = EmotionSettled(Emotion.HAPPY, sure(Emotion.HAPPY))
    assert announcer.consider(settled, 0.0) == announcer.consider(settled, 5.0) is not None


def test_presence_is_said_when_asked_for():
    """Off by default."""
    assert Announcer().consider(FaceAppeared(), 0) is None
    talkative = Announcer(AnnouncerSettings(presence=True))
    assert PHRASES.text(talkative.consider(FaceAppeared(), 0)) == "someone is there"
    assert PHRASES.text(talkative.consider(FaceLost(), 0)) == "nobody there now"


@pytest.mark.parametrize(
    ("observation", "stable", "words"),
    [
        (None, None, "no picture from the camera"),
        (Observation(None), None, "I see nobody"),
        (Observation(JudgedFace(BOX, None, Reason.TOO_DARK)), None, "someone is there, too dark to tell"),
        (
            Observation(JudgedFace(BOX, sure(Emotion.SAD), None)),
            None,
            "someone is there, I am not sure how they look",
        ),
        (Observation(JudgedFace(BOX, sure(Emotion.SAD), None)), Emotion.SAD, "maybe sad"),
        (Observation(JudgedFace(BOX, sure(Emotion.FEAR), None)), Emotion.FEAR, "maybe afraid"),
        (Observation(JudgedFace(BOX, sure(Emotion.NEUTRAL), None)), Emotion.NEUTRAL, "looks neutral"),
    ],
)
def test_a_press_is_always_answered(observation, stable, words):
    """Nobody, too dark, unsure and no camera are different answers."""
    answer = Announcer().answer(observation, stable)
    assert (answer.priority, PHRASES.text(answer)) == (Priority.ANSWER, words)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason):
    """No press meets a missing phrase."""
    face = JudgedFace(BOX, None, reason)
    assert PHRASES.text(Announcer().answer(Observation(face), None))
