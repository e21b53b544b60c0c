"""Measures of a classifier's scores, beyond how often it is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from quantize.data.samples import SEVEN

CALIBRATION_BINS = 15

Probabilities = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]


def measure(judged: Probabilities, labels: Labels) -> dict[str, Any]:
    """Accuracy, macro F1, the classification report, confusion (rows: true), calibration, areas.

    `judged` is float32 [N, 7], `labels` uint8 [N]. An area is None for a label that is not there.
    """
    from sklearn import metrics

    predicted, numbers = judged.argmax(axis=1), list(range(len(SEVEN)))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=numbers, zero_division=0
    )
    return {
        "accuracy": _rounded(metrics.accuracy_score(labels, predicted)),
        "balanced_accuracy": _rounded(recall[support > 0].mean()),
        "macro_f1": _rounded(f1.mean()),
        "recall": _by_label(recall),
        "precision": _by_label(precision),
        "f1": _by_label(f1),
        "support": dict(zip(SEVEN, support.tolist(), strict=True)),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=numbers).tolist(),
        "expected_calibration_error": _rounded(expected_calibration_error(judged, labels)),
        "roc_auc": _areas(metrics.roc_auc_score, judged, labels),
        "average_precision": _areas(metrics.average_precision_score, judged, labels),
    }


def expected_calibration_error(judged: Probabilities, labels: Labels) -> float:
    """How far confidence and accuracy lie apart, over equal bins of confidence.

    C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    return sum(abs(each["confidence"] - each["accuracy"]) * each["share"] for each in reliability(judged, labels))


def reliability(judged: Probabilities, labels: Labels) -> list[dict[str, float]]:
    """For each bin of confidence that is not empty: the mean confidence, the accuracy, the share of pictures."""
    confidence, right = judged.max(axis=1), judged.argmax(axis=1) == labels
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        {
            "confidence": float(confidence[bins == each].mean()),
            "accuracy": float(right[bins == each].mean()),
            "share": float((bins == each).mean()),
        }
        for each in np.unique(bins)
    ]


def risk_coverage(judged: Probabilities, labels: Labels) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The share of pictures that are judged, surest first, and the share of mistakes among them; float64 [N] each."""
    surest = np.argsort(-judged.max(axis=1), kind="stable")
    wrong = (judged.argmax(axis=1) != labels)[surest]
    count = np.arange(1, len(labels) + 1)
    return count / len(labels), np.cumsum(wrong) / count


def _areas(score: Any, judged: Probabilities, labels: Labels) -> dict[str, float | None]:
    """One label against the rest, each in turn."""
    return {
        label: _rounded(score(labels == number, judged[:, number]))
        if 0 < (labels == number).sum() < len(labels)
        else None
        for number, label in enumerate(SEVEN)
    }


def _by_label(values: npt.NDArray[np.float64]) -> dict[str, float]:
    return {label: _rounded(value) for label, value in zip(SEVEN, values, strict=True)}


def _rounded(value: Any) -> float:
    return round(float(value), 4)
