"""Tests of the measures of scores."""

import numpy as np
import pytest

from quantize.data.samples import SEVEN
from quantize.evaluation.metrics import expected_calibration_error, measure, reliability, risk_coverage

pytest.importorskip("sklearn")


def scores_of(confidence, *best):
    """Return scores with this confidence in these labels; the other labels share the rest."""
    scores = np.full((len(best), 7), (1 - confidence) / 6, np.float32)
    scores[np.arange(len(best)), best] = confidence
    return scores


def test_confidence_equal_to_accuracy_has_no_calibration_error():
    """Four of five right at a confidence of 0.8 is an error of 0; none right at 0.8 is an error of 0.8."""
    labels = np.zeros(5, np.uint8)
    assert expected_calibration_error(scores_of(0.8, 0, 0, 0, 0, 1), labels) == pytest.approx(0, abs=1e-6)
    assert expected_calibration_error(scores_of(0.8, 1, 1, 1, 1, 1), labels) == pytest.approx(0.8)
    (only,) = reliability(scores_of(0.8, 0, 0, 0, 0, 1), labels)
    assert (only["accuracy"], only["share"]) == (pytest.approx(0.8), 1.0)


def test_the_most_confident_are_classified_first():
    """The risk rises only at the end if the only mistake has the lowest confidence."""
    scores = np.concatenate([scores_of(0.5, 1), scores_of(0.9, 0, 0), scores_of(0.7, 0)])
    coverage, risk = risk_coverage(scores, np.zeros(4, np.uint8))
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == [0, 0, 0, 0.25]


def test_each_label_is_measured():
    """Every label has its measures; a label that no picture has gets no area and does not change balanced accuracy."""
    labels = np.array([0, 0, 3, 3], np.uint8)
    result = measure(scores_of(0.6, 0, 3, 3, 3), labels)
    assert (result["accuracy"], result["balanced_accuracy"]) == (0.75, 0.75)
    assert (result["recall"]["angry"], result["precision"]["happy"]) == (0.5, pytest.approx(0.6667))
    assert np.array(result["confusion"])[0].tolist() == [1, 0, 0, 1, 0, 0, 0]
    assert [label for label in SEVEN if result["roc_auc"][label] is not None] == ["angry", "happy"]
