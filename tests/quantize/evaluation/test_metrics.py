"""Measures of scores."""

import numpy as np
import pytest

from quantize.data.samples import SEVEN
from quantize.evaluation.metrics import expected_calibration_error, measure, reliability, risk_coverage

pytest.importorskip("sklearn")


def sure(confidence, *best):
    """Scores with this confidence in these labels, the rest shared out."""
    judged = np.full((len(best), 7), (1 - confidence) / 6, np.float32)
    judged[np.arange(len(best)), best] = confidence
    return judged


def test_as_sure_as_right_has_no_calibration_error():
    """Four of five right at 0.8; all wrong at 0.8 is 0.8 off."""
    labels = np.zeros(5, np.uint8)
    assert expected_calibration_error(sure(0.8, 0, 0, 0, 0, 1), labels) == pytest.approx(0, abs=1e-6)
    assert expected_calibration_error(sure(0.8, 1, 1, 1, 1, 1), labels) == pytest.approx(0.8)
    (only,) = reliability(sure(0.8, 0, 0, 0, 0, 1), labels)
    assert (only["accuracy"], only["share"]) == (pytest.approx(0.8), 1.0)


def test_the_surest_are_judged_first():
    """Mistakes come late where the model knows when it isn't right."""
    judged = np.concatenate([sure(0.5, 1), sure(0.9, 0, 0), sure(0.7, 0)])
    coverage, risk = risk_coverage(judged, np.zeros(4, np.uint8))
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == [0, 0, 0, 0.25]


def test_each_label_is_measured():
    """Recall, precision, confusion; a label that is not there has no area, and no part in the balanced accuracy."""
    labels = np.array([0, 0, 3, 3], np.uint8)
    result = measure(sure(0.6, 0, 3, 3, 3), labels)
    assert (result["accuracy"], result["balanced_accuracy"]) == (0.75, 0.75)
    assert (result["recall"]["angry"], result["precision"]["happy"]) == (0.5, pytest.approx(0.6667))
    assert np.array(result["confusion"])[0].tolist() == [1, 0, 0, 1, 0, 0, 0]
    assert [label for label in SEVEN if result["roc_auc"][label] is not None] == ["angry", "happy"]
