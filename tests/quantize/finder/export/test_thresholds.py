"""Tests of choosing the finder's threshold by the false faces in pictures without people."""

import pytest

from assistant.face.evidence import NETWORK_WEIGHT, log_odds
from quantize.finder.export.thresholds import HIGHEST, LENIENT_ALONE, Alarm, lowest_alone


@pytest.mark.parametrize(
    ("found", "first", "mean", "is_face"),
    [
        (0.1, 0.0, 0.0, True),
        (-0.1, 0.0, 0.0, False),
        (-0.1, -1.0, 1.0, True),
        (0.1, 1.0, -1.0, False),
        (0.1, 4.0, -9.0, True),
        (-2.4, 9.0, 9.0, False),
    ],
)
def test_an_alarm_is_a_face_as_in_the_headset(found, first, mean, is_face):
    """The mean counts while the first answer leaves doubt; what the finder is too unsure of never counts."""
    alarm = Alarm(log_odds(0.6) + found, first / NETWORK_WEIGHT, mean / NETWORK_WEIGHT)
    assert alarm.is_false_face(0.6) == is_face


def test_the_lowest_threshold_lets_one_in_two_hundred_through():
    """Of 400 pictures two may have a false face; of a hundred whole scenes, one of them."""
    sure = [[Alarm(log_odds(score), 0.0, 0.0)] for score in (0.9, 0.8, 0.7005, 0.5)]
    assert lowest_alone([*[[]] * 396, *sure], 100) == pytest.approx(0.71)
    assert lowest_alone([*sure, *[[]] * 396], 100) == pytest.approx(0.81)


def test_without_alarms_the_threshold_is_the_least():
    """Nor is it ever above the highest."""
    assert lowest_alone([[]] * 10, 5) == LENIENT_ALONE
    assert lowest_alone([[Alarm(9.0, 9.0, 9.0)]] * 10, 5) == HIGHEST
