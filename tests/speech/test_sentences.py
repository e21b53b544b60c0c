"""Sentences are put together from phrases."""

import pytest

from assistant.emotion.observation import Observation
from assistant.face.position import placement
from assistant.geometry import BoundingBox
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.phrases import Phrases
from assistant.speech.sentences import Status, placed, who

PHRASES = Phrases.load("en")


def sentence(parts):
    """Return the words of these parts."""
    return PHRASES.sentence(Announcement(parts, Priority.ANSWER))


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (BoundingBox(0, 100, 160, 160), "on your left, half a metre away"),
        (BoundingBox(280, 200, 80, 80), "ahead, one metre away"),
        (BoundingBox(540, 200, 40, 40), "on your right, two metres away"),
        (BoundingBox(310, 200, 20, 20), "ahead, more than two metres away"),
        (BoundingBox(290, 200, 54, 54), "ahead, one and a half metres away"),
    ],
)
def test_where_somebody_is(box, words):
    """A box of the Pi's camera becomes a direction and a distance in words."""
    observation = Observation(None, 1, 1, placement(box, (640, 480), 66.0))
    assert sentence(placed(observation)) == words


@pytest.mark.parametrize(
    ("people", "words"), [(1, "someone"), (2, "two people"), (3, "three people"), (7, "many people")]
)
def test_how_many_there_are(people, words):
    """One, two and three people are counted, and more are "many people"."""
    assert sentence(who(Observation(None, people=people))) == words


def test_how_the_headset_is():
    """The status begins with faults, mode and battery, and leaves out what is not known."""
    status = Status(3725.0, "changes", False, 14.9, 51.4, False, ("camera_stalled",))
    assert sentence(status.parts()) == (
        "the camera has stopped, I tell what changes, running for, 1, hours, 2, minutes, camera, 15, "
        "pictures a second, temperature, 51, degrees, the voltage is good"
    )
    charging = Status(0.0, "ask", True, 0.0, None, None, (), 83.6, battery_is_charging=True)
    assert sentence(charging.parts()).startswith("all is well, muted, battery at, 84, percent, charging, running for")
    watched = Status(0.0, "ask", False, 0.0, None, None, (), is_watched=True)
    assert "I speak when you ask, somebody looks through the camera, running for" in sentence(watched.parts())
    unknown = Status(59.0, "ask", True, 0.0, None, None, ())
    assert sentence(unknown.parts()) == ("all is well, muted, running for, 0, minutes, camera, 0, pictures a second")
