"""Evidence for an emotion adds up over time."""

import math

import pytest

from assistant.emotion.debouncing.accumulator import LEAST_EVIDENCE, EvidenceAccumulator, margins
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from tests.builders.scores import sure

CEILINGS = (5.0,) * len(EMOTIONS)
UNSURE = EmotionScores.from_weights([2 if each is Emotion.HAPPY else 1 for each in Emotion])


def evidence(accumulator, emotion):
    """Return the evidence for one emotion."""
    return accumulator.evidence[EMOTIONS.index(emotion)]


def test_a_margin_is_the_log_odds_against_the_best_rival():
    """The best emotion is compared with the second, every other one with the best."""
    scores = EmotionScores((0.5, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0))
    found = margins(scores)
    assert found[:3] == pytest.approx([math.log(2), -math.log(2), -math.log(2)])
    assert found[3] == pytest.approx(math.log(1e-3 / 0.5))
    assert max(margins(UNSURE)) == margins(UNSURE)[EMOTIONS.index(Emotion.HAPPY)]


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_evidence_grows_with_time_and_not_with_frames(fps):
    """After `memory_s` it is 63% of what it comes to: the margin, times the looks that are remembered."""
    accumulator = EvidenceAccumulator(look_s=0.5, memory_s=1.0)
    for _ in range(fps):
        accumulator.add(UNSURE, 1 / fps, 1.0, CEILINGS)
    final = math.log(2) * 1.0 / 0.5
    assert evidence(accumulator, Emotion.HAPPY) == pytest.approx((1 - math.exp(-1)) * final)
    for _ in range(20 * fps):
        accumulator.add(UNSURE, 1 / fps, 1.0, CEILINGS)
    assert evidence(accumulator, Emotion.HAPPY) == pytest.approx(final)


def test_evidence_stays_between_its_bounds():
    """It never grows above the ceiling, nor falls below the least evidence."""
    accumulator = EvidenceAccumulator(0.5, 1.0)
    for _ in range(100):
        accumulator.add(sure(Emotion.HAPPY), 0.1, 1.0, CEILINGS)
    assert evidence(accumulator, Emotion.HAPPY) == 5.0
    assert evidence(accumulator, Emotion.SAD) == LEAST_EVIDENCE


def test_a_frame_without_weight_or_time_adds_nothing():
    """A frame counts by its weight and by the time since the frame before."""
    accumulator = EvidenceAccumulator(0.5, 1.0)
    accumulator.add(sure(Emotion.HAPPY), 0.1, 0.0, CEILINGS)
    accumulator.add(sure(Emotion.HAPPY), 0.0, 1.0, CEILINGS)
    assert accumulator.evidence == [0.0] * len(EMOTIONS)


def test_one_frame_does_not_decide_for_seconds():
    """A frame that was certain of another emotion is outweighed by half a second of frames."""
    accumulator = EvidenceAccumulator(0.5, 1.0)
    accumulator.add(sure(Emotion.SAD, 1.0), 0.07, 1.0, CEILINGS)
    for _ in range(7):
        accumulator.add(sure(Emotion.HAPPY), 0.07, 1.0, CEILINGS)
    assert max(EMOTIONS, key=lambda each: evidence(accumulator, each)) is Emotion.HAPPY


def test_a_new_person_starts_afresh():
    """A reset forgets every frame before it."""
    accumulator = EvidenceAccumulator(0.5, 1.0)
    accumulator.add(sure(Emotion.HAPPY), 0.1, 1.0, CEILINGS)
    accumulator.reset()
    assert accumulator.evidence == [0.0] * len(EMOTIONS)
