"""Scores are averaged over time."""

import math

import pytest

from assistant.emotion.smoothing import ScoreSmoother
from assistant.emotions import Emotion, EmotionScores

HAPPY, SAD = (EmotionScores(tuple(float(each is one) for each in Emotion)) for one in (Emotion.HAPPY, Emotion.SAD))


SURE, UNSURE = (
    EmotionScores.from_weights([high if each is Emotion.HAPPY else 1 for each in Emotion]) for high in (60, 4)
)


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_the_average_follows_time_not_frames(fps):
    """After one time constant 63% of the old scores' logarithms are gone, at any frame rate."""
    smoother = ScoreSmoother(1.0)
    for _ in range(20 * fps):
        smoother.update(SURE, 1 / fps)
    for _ in range(fps):
        average = smoother.update(UNSURE, 1 / fps)
    share = 1 - math.exp(-1)
    expected = share * math.log(4) + (1 - share) * math.log(60)
    assert math.log(average[Emotion.HAPPY] / average[Emotion.SAD]) == pytest.approx(expected, rel=0.001)


def test_the_average_of_equal_frames_is_each_of_them():
    """Equal frames keep their scores, whatever their number and weights."""
    smoother = ScoreSmoother(0.4)
    for number in range(50):
        average = smoother.update(UNSURE, 0.07, 0.2 + 0.8 * (number % 2))
    assert average.values == pytest.approx(UNSURE.values)


def test_a_frame_of_little_weight_changes_little():
    """A frame with a fifth of the weight changes the average less than half as much."""
    averages = []
    for weight in (1.0, 0.2):
        smoother = ScoreSmoother(0.4)
        for _ in range(15):
            smoother.update(HAPPY, 1 / 15)
        averages.append(smoother.update(SAD, 1 / 15, weight)[Emotion.SAD])
    assert averages[0] > 2 * averages[1]


def test_a_sure_frame_rules_nothing_out():
    """A second of happy frames outweighs one frame that was sure of sad."""
    smoother = ScoreSmoother(0.4)
    smoother.update(SAD, 0.0)
    for _ in range(15):
        average = smoother.update(HAPPY, 1 / 15)
    assert average.best is Emotion.HAPPY


def test_a_new_person_starts_afresh():
    """A reset forgets every frame before it."""
    smoother = ScoreSmoother(1.0)
    smoother.update(SURE, 0.0)
    smoother.reset()
    assert smoother.update(UNSURE, 0.1).values == pytest.approx(UNSURE.values)
