"""Tests of temperature and thresholds."""

import numpy as np
import pytest

from quantize.evaluation.calibrate import calibration, temperature, threshold
from quantize.networks.outputs import softmax

pytest.importorskip("scipy")


def overconfident(sharpness, count=20_000):
    """Return logits [N, 7] that are `sharpness` times too high, and labels drawn by the right probabilities."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 1.5, (count, 7)).astype(np.float32)
    labels = np.array([rng.choice(7, p=each / each.sum()) for each in softmax(logits).astype(np.float64)], np.uint8)
    return logits * np.float32(sharpness), labels


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_the_temperature_corrects_overconfidence(sharpness):
    """The temperature is the factor by which logits are too high or too low, and it removes the calibration error."""
    logits, labels = overconfident(sharpness)
    assert temperature(logits, labels) == pytest.approx(sharpness, rel=0.05)
    made = calibration(logits, labels, 0.9)
    assert made["calibration_error"]["after"] < 0.02
    assert sharpness == 1 or made["calibration_error"]["after"] < made["calibration_error"]["before"] / 3


def test_from_its_threshold_on_an_emotion_is_right_often_enough():
    """An emotion is right often enough above its threshold, and not above a lower one; so are all emotions together."""
    logits, labels = overconfident(1.0)
    scores = softmax(logits)
    made = calibration(logits, labels, 0.8)
    for number, limit in enumerate(made["thresholds"].values()):
        classified = (scores.argmax(axis=1) == number) & (scores[:, number] >= limit)
        assert (labels[classified] == number).mean() >= 0.79
        lower = (scores.argmax(axis=1) == number) & (scores[:, number] >= limit - 0.1)
        assert (labels[lower] == number).mean() < 0.8
    assert made["named_rightly"] == pytest.approx(0.8, abs=0.01)
    assert 0 < made["named"] < 1


def test_what_is_never_right_is_never_named():
    """An emotion that is never right, or is classified too rarely, gets no threshold."""
    logits, labels = overconfident(1.0, 500)
    assert threshold(softmax(logits), (labels + 1) % 7, 2, 0.9) is None
    assert threshold(softmax(logits)[:15], labels[:15], 2, 0.1) is None
