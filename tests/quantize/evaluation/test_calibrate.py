"""Tests of temperature and thresholds."""

import numpy as np
import pytest

from quantize.evaluation.calibrate import best_and_margin, calibration, naming, temperature, thresholds
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
    made = calibration(logits, labels)
    assert made["calibration_error"]["after"] < 0.02
    assert sharpness == 1 or made["calibration_error"]["after"] < made["calibration_error"]["before"] / 3


def test_from_its_threshold_on_an_emotion_is_right_often_enough():
    """An emotion is right often enough above its threshold, and not above a lower one; so are all emotions together."""
    logits, labels = overconfident(1.0)
    best, margins = best_and_margin(logits)
    made = thresholds(logits, labels, np.ones(len(labels)), 0.8)
    for number, limit in enumerate(made.values()):
        classified = (best == number) & (margins >= limit)
        assert (labels[classified] == number).mean() >= 0.79
        lower = (best == number) & (margins >= limit - 0.3)
        assert (labels[lower] == number).mean() < 0.8
    named, right = naming(logits, labels, made)
    assert right == pytest.approx(0.8, abs=0.01)
    assert 0 < named < 1


def test_weights_decide_whose_mistakes_count():
    """A threshold is higher where the pictures that are often wrong weigh more."""
    logits, labels = overconfident(1.0)
    wrong = labels.copy()
    wrong[::2] = (wrong[::2] + 1) % 7
    low, high = (
        thresholds(logits, wrong, np.where(np.arange(len(labels)) % 2, 1.0, share), 0.6)["happy"]
        for share in (0.01, 0.5)
    )
    assert low < (high or np.inf)


def test_what_is_never_right_is_never_named():
    """An emotion that is never right, or is classified too rarely, gets no threshold."""
    logits, labels = overconfident(1.0, 500)
    weights = np.ones(len(labels))
    assert set(thresholds(logits, (logits.argmax(axis=1) + 1) % 7, weights, 0.9).values()) == {None}
    assert set(thresholds(logits[:15], labels[:15], weights[:15], 0.1).values()) == {None}
