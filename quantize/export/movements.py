"""Chooses from which logit on each movement is said."""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.emotion.movements import MOVEMENTS
from assistant.emotion.preprocess import FloatArray
from assistant.emotion.tflite import TFLiteClassifier
from quantize.data.movements import MovingFaces
from quantize.data.samples import Samples
from quantize.evaluation.corrupt import CORRUPTIONS, corrupted
from quantize.progress import progress_bar

PRECISION = 0.9
"""A movement that is said shall be right in this share of the cases."""

FEWEST_SAID = 20
"""A threshold is chosen from at least this many faces that would be said to show the movement."""

SHOWN_FROM = 0.5
"""A face shows a movement from this share on."""


def choose_movements(classifier: TFLiteClassifier, faces: MovingFaces, seed: int) -> dict[str, Any]:
    """Return the card's entries for the thresholds, and what they were chosen on.

    They are chosen on the validation faces as they are, and under each corruption, for which `seed` decides. Every
    source and every condition weighs the same.
    """
    kept = faces.take(faces.validation)
    logits, shown, weights = [], [], []
    for name in (None, *CORRUPTIONS):
        crops = kept.crops if name is None else corrupted(_samples(kept), name, seed).pixels
        logits.append(_logits(classifier, crops))
        shown.append(kept.shown >= SHOWN_FROM)
        weights.append(1.0 / np.bincount(kept.source)[kept.source])
    together = np.concatenate(logits), np.concatenate(shown), np.concatenate(weights)
    fewest = FEWEST_SAID * (1 + len(CORRUPTIONS))
    chosen = {movement: _threshold(*_column(together, place), fewest) for place, movement in enumerate(MOVEMENTS)}
    return {
        "precision": PRECISION,
        "thresholds": {str(movement): threshold for movement, threshold in chosen.items()},
        "faces": len(kept.crops),
        "as_they_are": {
            str(movement): _measures(logits[0][:, place], shown[0][:, place], chosen[movement])
            for place, movement in enumerate(MOVEMENTS)
        },
    }


def _samples(faces: MovingFaces) -> Samples:
    count = len(faces.crops)
    return Samples(faces.crops, np.zeros(count, np.uint8), np.arange(count))


def _logits(classifier: TFLiteClassifier, crops: Any) -> FloatArray:
    made = []
    for crop in progress_bar(crops, "classifying"):
        classifier.logits(crop)
        made.append(classifier.movement_logits())
    return np.asarray(made, np.float32)


def _column(together: tuple[Any, Any, Any], place: int) -> tuple[Any, Any, Any]:
    logits, shown, weights = together
    return logits[:, place], shown[:, place], weights


def _threshold(logits: FloatArray, shown: Any, weights: Any, fewest: int) -> float | None:
    """Return the lowest logit from which on a movement is shown often enough; None where there is none."""
    order = np.argsort(-logits, kind="stable")
    right = np.cumsum((weights * shown)[order]) / np.cumsum(weights[order])
    enough = np.flatnonzero(right[fewest - 1 :] >= PRECISION)
    return round(float(logits[order[enough[-1] + fewest - 1]]), 4) if len(enough) else None


def _measures(logits: FloatArray, shown: Any, threshold: float | None) -> dict[str, Any]:
    """Return how many faces show a movement, what share of these is said, and how often what is said is right."""
    said = logits >= (np.inf if threshold is None else threshold)
    return {
        "shown": int(shown.sum()),
        "said": int(said.sum()),
        "right": round(float(shown[said].mean()), 4) if said.any() else None,
        "recall": round(float(said[shown].mean()), 4) if shown.any() else None,
    }
