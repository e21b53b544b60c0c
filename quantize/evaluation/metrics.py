"""Measures a classifier's scores: accuracy, recall, calibration and more."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from quantize.data.samples import SEVEN

CALIBRATION_BINS = 15
RESAMPLES, SEED = 1000, 2013
"""How often pictures are drawn again for an interval, and from which seed."""

Scores = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]


def measure(scores: Scores, labels: Labels) -> dict[str, Any]:
    """Return accuracy, macro F1, measures of each label, the confusion (rows: true labels), calibration, and areas.

    `scores` is float32 [N, 7], `labels` uint8 [N]. The areas are None for a label that no picture has.
    """
    from sklearn import metrics

    predicted, numbers = scores.argmax(axis=1), list(range(len(SEVEN)))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=numbers, zero_division=0
    )
    return {
        "accuracy": _rounded(metrics.accuracy_score(labels, predicted)),
        "accuracy_interval": bootstrap_interval(predicted == labels),
        "balanced_accuracy": _rounded(recall[support > 0].mean()),
        "macro_f1": _rounded(f1.mean()),
        "recall": _by_label(recall),
        "precision": _by_label(precision),
        "f1": _by_label(f1),
        "support": dict(zip(SEVEN, support.tolist(), strict=True)),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=numbers).tolist(),
        "expected_calibration_error": _rounded(expected_calibration_error(scores, labels)),
        "roc_auc": _areas(metrics.roc_auc_score, scores, labels),
        "average_precision": _areas(metrics.average_precision_score, scores, labels),
    }


def bootstrap_interval(right: npt.NDArray[np.bool_]) -> list[float]:
    """Return the low and high end of the 95% interval of a share, by drawing the pictures again (B. Efron, 1979)."""
    from scipy.stats import bootstrap

    if len(right) < 2 or right.all() or not right.any():
        return [float(right.mean()) if len(right) else 0.0] * 2
    made = bootstrap(
        (right.astype(np.float64),), np.mean, n_resamples=RESAMPLES, batch=100, method="percentile", rng=SEED
    )
    return [_rounded(made.confidence_interval.low), _rounded(made.confidence_interval.high)]


def mcnemar(first_right: npt.NDArray[np.bool_], second_right: npt.NDArray[np.bool_]) -> float:
    """Return the chance that two models with equal accuracy differ at least so much on these pictures.

    Q. McNemar, "Note on the Sampling Error of the Difference Between Correlated Proportions", Psychometrika 12, 1947;
    the exact form.
    """
    from scipy.stats import binomtest

    only_first, only_second = int((first_right & ~second_right).sum()), int((second_right & ~first_right).sum())
    return 1.0 if only_first + only_second == 0 else float(binomtest(only_first, only_first + only_second).pvalue)


def expected_calibration_error(scores: Scores, labels: Labels) -> float:
    """Return the mean difference of confidence and accuracy, over equal bins of confidence.

    C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    return sum(abs(each["confidence"] - each["accuracy"]) * each["share"] for each in reliability(scores, labels))


def reliability(scores: Scores, labels: Labels) -> list[dict[str, float]]:
    """Return mean confidence, accuracy and share of pictures of each bin of confidence that is not empty."""
    confidence, right = scores.max(axis=1), scores.argmax(axis=1) == labels
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        {
            "confidence": float(confidence[bins == each].mean()),
            "accuracy": float(right[bins == each].mean()),
            "share": float((bins == each).mean()),
        }
        for each in np.unique(bins)
    ]


def risk_coverage(scores: Scores, labels: Labels) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return coverage and risk, float64 [N] each, when only the pictures with the highest confidence are classified.

    Coverage is the share of pictures that are classified, risk the share of mistakes among these.
    """
    order = np.argsort(-scores.max(axis=1), kind="stable")
    wrong = (scores.argmax(axis=1) != labels)[order]
    count = np.arange(1, len(labels) + 1)
    return count / len(labels), np.cumsum(wrong) / count


def _areas(area: Any, scores: Scores, labels: Labels) -> dict[str, float | None]:
    """Return the area of each label against all others."""
    return {
        label: _rounded(area(labels == number, scores[:, number]))
        if 0 < (labels == number).sum() < len(labels)
        else None
        for number, label in enumerate(SEVEN)
    }


def _by_label(values: npt.NDArray[np.float64]) -> dict[str, float]:
    return {label: _rounded(value) for label, value in zip(SEVEN, values, strict=True)}


def _rounded(value: Any) -> float:
    return round(float(value), 4)
