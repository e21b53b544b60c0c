"""The rhythms that the wearer feels."""

import pytest

from assistant.emotions import Emotion
from assistant.face.position import Direction
from assistant.outputs.haptics import RHYTHMS, SIDES, NoHaptics, nearest_side, pulses
from assistant.speech.tones import Tone


def test_each_thing_has_a_rhythm_of_its_own():
    """Every emotion, an open mouth, an arrival and a departure can be told apart, and none lasts 1.5 seconds."""
    assert set(RHYTHMS) == {*map(str, Emotion), "mouth_open", "found", "lost", "at_you"} <= set(map(str, Tone))
    assert len(set(RHYTHMS.values())) == len(RHYTHMS)
    assert all(0 < sum(each.on_s + each.rest_s for each in pulses(name)) < 1.5 for name in RHYTHMS)


def test_what_has_no_rhythm_is_not_felt():
    """A tone that stands for a fault has none, and without motors nothing happens."""
    assert pulses("fault") == []
    NoHaptics().feel("happy", "left")
    NoHaptics().close()


@pytest.mark.parametrize(
    ("motors", "felt"),
    [
        (("left", "ahead", "right"), ("left", "ahead", "right")),
        (("left", "right"), ("left", "left", "right")),
        (("left", "ahead"), ("left", "ahead", "ahead")),
        (("ahead",), ("ahead", "ahead", "ahead")),
        (("right",), ("right", "right", "right")),
    ],
)
def test_the_nearest_motor_stands_for_one_that_is_missing(motors, felt):
    """Each side is felt on some motor, and the sides have the names of the directions."""
    assert tuple(map(str, Direction)) == SIDES
    assert tuple(nearest_side(side, motors) for side in SIDES) == felt
