"""Calibrates scores: a temperature, and for each emotion the evidence from which it is right often enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray
from quantize.data.samples import SEVEN
from quantize.evaluation.metrics import Labels, expected_calibration_error
from quantize.networks.outputs import softmax

FEWEST_CLASSIFIED = 50
"""A threshold must rest on at least this many pictures.

If nine of ten of them are right, then more than eight of ten are right with 95% certainty (E. B. Wilson's interval,
1927).
"""

Weights = npt.NDArray[np.floating[Any]]


def calibration(logits: FloatArray, labels: Labels) -> dict[str, Any]:
    """Return the temperature for logits float32 [N, 7] of pictures with these labels uint8 [N], and what it brings."""
    degree = temperature(logits, labels)
    return {
        "temperature": round(degree, 4),
        "calibration_error": {
            "before": round(expected_calibration_error(softmax(logits), labels), 4),
            "after": round(expected_calibration_error(softmax(logits / np.float32(degree)), labels), 4),
        },
        "n": len(labels),
    }


def temperature(logits: FloatArray, labels: Labels, weights: Weights | None = None) -> float:
    """Return the number that the logits are divided by so that the labels become most likely.

    `weights` says how much each picture counts. C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    from scipy.optimize import minimize_scalar

    def negative_log_likelihood(log_temperature: float) -> float:
        scores = softmax(logits / np.float32(np.exp(log_temperature)))
        right = np.log(np.maximum(scores[np.arange(len(labels)), labels], 1e-9))
        return float(-np.average(right, weights=weights))

    return float(np.exp(minimize_scalar(negative_log_likelihood, bounds=(-2.0, 2.0), method="bounded").x))


def best_and_margin(logits: FloatArray) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Return the number of the best emotion of logits float32 [N, 7], and its log odds against the second best."""
    ranked = np.sort(logits, axis=1)
    return logits.argmax(axis=1), np.asarray(ranked[:, -1] - ranked[:, -2], np.float32)


def threshold(
    margins: FloatArray, right: npt.NDArray[np.bool_], weights: Weights, precision: float, fewest: float
) -> float | None:
    """Return the lowest margin from which a share of `precision` of these pictures is right, or None.

    All arrays are of the pictures that were classified as one emotion; `fewest` is the least number of them above the
    threshold.
    """
    order = np.argsort(-margins, kind="stable")
    share = np.cumsum((weights * right)[order]) / np.cumsum(weights[order])
    enough = np.flatnonzero((share >= precision) & (np.arange(len(order)) >= fewest - 1))
    # rounded down, so that the picture with the lowest of these margins still reaches the threshold
    return None if not len(enough) else math.floor(float(margins[order][enough[-1]]) * 1e3) / 1e3


def thresholds(
    logits: FloatArray, labels: Labels, weights: Weights, precision: float, fewest: float = FEWEST_CLASSIFIED
) -> dict[str, float | None]:
    """Return the threshold of each emotion for logits float32 [N, 7] of pictures with these labels uint8 [N]."""
    best, margins = best_and_margin(logits)
    right = best == labels
    by_label = {label: best == number for number, label in enumerate(SEVEN)}
    return {
        label: threshold(margins[chosen], right[chosen], weights[chosen], precision, fewest)
        for label, chosen in by_label.items()
    }


def naming(logits: FloatArray, labels: Labels, least: Mapping[str, float | None]) -> tuple[float, float]:
    """Return the share of pictures whose best emotion reaches its threshold, and the share of these that are right."""
    best, margins = best_and_margin(logits)
    by_number = np.array([np.inf if (limit := least[label]) is None else limit for label in SEVEN])
    named = margins >= by_number[best]
    return float(named.mean()), float((best == labels)[named].mean()) if named.any() else 0.0
