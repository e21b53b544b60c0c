"""Scores of the seven emotions."""

import pytest

from assistant.emotions import EMOTIONS, Emotion, EmotionScores


def test_labels_stand_in_fer2013s_order():
    """The label numbers of fer2013.csv are positions in `EMOTIONS`."""
    assert [str(emotion) for emotion in EMOTIONS] == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def test_weights_become_shares():
    """Weights are divided by their sum; the scores know the best emotion and its share."""
    scores = EmotionScores.from_weights([0, 0, 0, 3, 1, 0, 0])
    assert scores[Emotion.HAPPY] == pytest.approx(0.75)
    assert (scores.best, scores.confidence) == (Emotion.HAPPY, pytest.approx(0.75))
    assert scores.by_label()["sad"] == 0.25


@pytest.mark.parametrize("values", [(1.0,), (0.5,) * 7, (-0.5, 1.5, 0, 0, 0, 0, 0), (float("nan"),) * 7])
def test_what_is_no_distribution_is_refused(values):
    """Scores that are too few, add up to more than one, are negative or are not numbers raise an error."""
    with pytest.raises(ValueError, match="scores"):
        EmotionScores(values)
