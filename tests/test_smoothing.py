"""Averages over time."""

import pytest

from assistant.emotions import Emotion, EmotionScores
from assistant.smoothing import ScoreSmoother

pytestmark = pytest.mark.runtime

HAPPY, SAD = (EmotionScores(tuple(float(each is one) for each in Emotion)) for one in (Emotion.HAPPY, Emotion.SAD))


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_the_average_follows_time_not_frames(fps):
    """After one time constant 63% of the old scores are gone, at any frame rate."""
    smoother = ScoreSmoother(1.0)
    average = smoother.update(HAPPY, 0.0)
    for _ in range(fps):
        average = smoother.update(SAD, 1 / fps)
    assert average[Emotion.SAD] == pytest.approx(0.632, abs=0.001)


def test_a_new_person_starts_afresh():
    """After a reset nothing is left of what was before."""
    smoother = ScoreSmoother(1.0)
    smoother.update(HAPPY, 0.0)
    smoother.reset()
    assert smoother.update(SAD, 0.1) == SAD
