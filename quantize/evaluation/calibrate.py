"""Calibrates a model: a temperature for its scores, and for each emotion the score from which it is said plainly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from assistant.emotion.preprocess import FloatArray
from quantize.data.samples import SEVEN
from quantize.evaluation.metrics import Labels, Scores, expected_calibration_error
from quantize.networks.outputs import softmax

FEWEST_CLASSIFIED = 50
"""A threshold must rest on at least this many pictures.

If nine of ten of them are right, then more than eight of ten are right with 95% certainty (E. B. Wilson's interval,
1927).
"""


def calibration(logits: FloatArray, labels: Labels, precision: float) -> dict[str, Any]:
    """Return temperature and thresholds for logits float32 [N, 7] of pictures with these labels uint8 [N].

    The threshold of an emotion is the lowest score at which a share of `precision` of the pictures that are classified
    as this emotion are classified correctly, or None where no score reaches that.
    """
    degree = temperature(logits, labels)
    scores = softmax(logits / np.float32(degree))
    thresholds = {label: threshold(scores, labels, number, precision) for number, label in enumerate(SEVEN)}
    named, right = naming(scores, labels, thresholds)
    return {
        "temperature": round(degree, 4),
        "calibration_error": {
            "before": round(expected_calibration_error(softmax(logits), labels), 4),
            "after": round(expected_calibration_error(scores, labels), 4),
        },
        "precision": precision,
        "thresholds": thresholds,
        "named": round(named, 4),
        "named_rightly": round(right, 4),
        "n": len(labels),
    }


def temperature(logits: FloatArray, labels: Labels) -> float:
    """Return the number that the logits are divided by so that the labels become most likely.

    C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    from scipy.optimize import minimize_scalar

    def negative_log_likelihood(log_temperature: float) -> float:
        scores = softmax(logits / np.float32(np.exp(log_temperature)))
        return float(-np.log(np.maximum(scores[np.arange(len(labels)), labels], 1e-9)).mean())

    return float(np.exp(minimize_scalar(negative_log_likelihood, bounds=(-2.0, 2.0), method="bounded").x))


def threshold(scores: Scores, labels: Labels, number: int, precision: float) -> float | None:
    """Return the lowest score from which the label with this number is right for a share of `precision`, or None."""
    classified = scores.argmax(axis=1) == number
    order = np.argsort(-scores[classified, number], kind="stable")
    highest, right = scores[classified, number][order], (labels[classified] == number)[order]
    share = np.cumsum(right) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero((share >= precision) & (np.arange(len(right)) >= FEWEST_CLASSIFIED - 1))
    # rounded down, so that the picture with the lowest of these scores still reaches the threshold
    return None if not len(enough) else math.floor(float(highest[enough[-1]]) * 1e4) / 1e4


def naming(scores: Scores, labels: Labels, thresholds: Mapping[str, float | None]) -> tuple[float, float]:
    """Return the share of pictures whose best score reaches its threshold, and the share of these that are right."""
    best = scores.argmax(axis=1)
    by_number = np.array([np.inf if (limit := thresholds[label]) is None else limit for label in SEVEN])
    named = scores.max(axis=1) >= by_number[best]
    return float(named.mean()), float((best == labels)[named].mean()) if named.any() else 0.0
