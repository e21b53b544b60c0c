"""Tests of the measures of scores."""

import numpy as np
import pytest

from quantize.data.samples import SEVEN
from quantize.evaluation.metrics import (
    bootstrap_interval,
    expected_calibration_error,
    mcnemar,
    measure,
    reliability,
    risk_coverage,
)

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


@pytest.mark.parametrize(("count", "share"), [(400, 0.7), (4000, 0.9)])
def test_an_interval_holds_the_share(count, share):
    """The bootstrap interval is about as wide as the normal one."""
    right = np.arange(count) < share * count
    low, high = bootstrap_interval(right)
    assert low < share < high
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(share * (1 - share) / count), rel=0.15)
    assert bootstrap_interval(np.ones(5, bool)) == [1.0, 1.0]


def test_mcnemar_compares_the_pictures_on_which_two_models_differ():
    """Models that are right on the same pictures do not differ; one that is right on ten more pictures does."""
    right = np.arange(100) < 70
    assert mcnemar(right, right) == 1.0
    assert mcnemar(right, np.arange(100) < 80) == pytest.approx(2 * 0.5**10)
    assert mcnemar(right, np.roll(right, 1)) == 1.0
