"""How sure a model may be: a temperature for its scores, and for each emotion the score from which it can be named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from quantize.data.samples import SEVEN
from quantize.evaluation.metrics import Probabilities, expected_calibration_error
from quantize.networks.outputs import Array, softmax

Labels = npt.NDArray[np.uint8]

FEWEST_NAMED = 50
"""Pictures that a threshold must rest on: nine right of ten are then, with 95% certainty, more than eight of ten (E. B.
Wilson's interval, 1927)."""


def calibration(logits: Array, labels: Labels, precision: float) -> dict[str, Any]:
    """Temperature and thresholds for logits float32 [N, 7] of pictures with these labels uint8 [N].

    Each threshold is the least score from which a share of `precision` of the pictures that are judged so are judged
    rightly; None where no score reaches that.
    """
    degree = temperature(logits, labels)
    scores = softmax(logits / np.float32(degree))
    limits = {label: threshold(scores, labels, number, precision) for number, label in enumerate(SEVEN)}
    named, right = naming(scores, labels, limits)
    return {
        "temperature": round(degree, 4),
        "calibration_error": {
            "before": round(expected_calibration_error(softmax(logits), labels), 4),
            "after": round(expected_calibration_error(scores, labels), 4),
        },
        "precision": precision,
        "thresholds": limits,
        "named": round(named, 4),
        "named_rightly": round(right, 4),
        "n": len(labels),
    }


def temperature(logits: Array, labels: Labels) -> float:
    """What the logits are divided by so that the labels become likeliest.

    C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    from scipy.optimize import minimize_scalar

    def unlikeliness(log_temperature: float) -> float:
        scores = softmax(logits / np.float32(np.exp(log_temperature)))
        return float(-np.log(np.maximum(scores[np.arange(len(labels)), labels], 1e-9)).mean())

    return float(np.exp(minimize_scalar(unlikeliness, bounds=(-2.0, 2.0), method="bounded").x))


def threshold(scores: Probabilities, labels: Labels, number: int, precision: float) -> float | None:
    """The least score from which the label with this number is right often enough."""
    judged = scores.argmax(axis=1) == number
    order = np.argsort(-scores[judged, number], kind="stable")
    surest, right = scores[judged, number][order], (labels[judged] == number)[order]
    share = np.cumsum(right) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero((share >= precision) & (np.arange(len(right)) >= FEWEST_NAMED - 1))
    # rounded down, so that the last of them is still named
    return None if not len(enough) else math.floor(float(surest[enough[-1]]) * 1e4) / 1e4


def naming(scores: Probabilities, labels: Labels, limits: Mapping[str, float | None]) -> tuple[float, float]:
    """The share of pictures whose best score reaches its threshold, and how many of these are right."""
    best = scores.argmax(axis=1)
    never = np.inf
    by_number = np.array([never if (limit := limits[label]) is None else limit for label in SEVEN])
    named = scores.max(axis=1) >= by_number[best]
    return float(named.mean()), float((best == labels)[named].mean()) if named.any() else 0.0
