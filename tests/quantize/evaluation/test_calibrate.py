"""How sure a model may be."""

import numpy as np
import pytest

from quantize.evaluation.calibrate import calibration, temperature, threshold
from quantize.networks.outputs import softmax

pytest.importorskip("scipy")


def too_sure(sharpness, count=20_000):
    """Logits [N, 7] that are `sharpness` times too high, and labels drawn by what they should be."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 1.5, (count, 7)).astype(np.float32)
    labels = np.array([rng.choice(7, p=each / each.sum()) for each in softmax(logits).astype(np.float64)], np.uint8)
    return logits * np.float32(sharpness), labels


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_too_much_sureness(sharpness):
    """And too little; the error goes."""
    logits, labels = too_sure(sharpness)
    assert temperature(logits, labels) == pytest.approx(sharpness, rel=0.05)
    made = calibration(logits, labels, 0.9)
    assert made["calibration_error"]["after"] < 0.02
    assert sharpness == 1 or made["calibration_error"]["after"] < made["calibration_error"]["before"] / 3


def test_from_its_threshold_on_an_emotion_is_right_often_enough():
    """As low as that allows; and in all."""
    logits, labels = too_sure(1.0)
    scores = softmax(logits)
    made = calibration(logits, labels, 0.8)
    for number, limit in enumerate(made["thresholds"].values()):
        judged = (scores.argmax(axis=1) == number) & (scores[:, number] >= limit)
        assert (labels[judged] == number).mean() >= 0.79
        lower = (scores.argmax(axis=1) == number) & (scores[:, number] >= limit - 0.1)
        assert (labels[lower] == number).mean() < 0.8
    assert made["named_rightly"] == pytest.approx(0.8, abs=0.01)
    assert 0 < made["named"] < 1


def test_what_is_never_right_is_never_named():
    """Nor what was too rarely judged to tell."""
    logits, labels = too_sure(1.0, 500)
    assert threshold(softmax(logits), (labels + 1) % 7, 2, 0.9) is None
    assert threshold(softmax(logits)[:15], labels[:15], 2, 0.1) is None
