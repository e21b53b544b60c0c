"""Measures a model on the pictures of one usage: a .tflite file through the headset's own code, or a .keras file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.joined import THRESHOLDS, Role
from quantize.data.dataset import DataSet, read_samples
from quantize.data.ferplus import Majorities, majority
from quantize.data.samples import SEVEN, Samples
from quantize.evaluation.calibrate import naming
from quantize.evaluation.corrupt import CORRUPTIONS, corrupted
from quantize.evaluation.foreign_models import Conventions
from quantize.evaluation.metrics import Scores, measure
from quantize.evaluation.predictors import HeadsetPredictor, Predictor, predictor_of, warn_of_assumptions

CROWD_MEASURES = (
    "accuracy",
    "accuracy_interval",
    "macro_f1",
    "recall",
    "precision",
    "confusion",
    "expected_calibration_error",
)
"""The measures that are taken against FER+'s majority too."""

CORRUPTION_MEASURES = ("accuracy", "macro_f1", "recall", "ferplus_accuracy", "ferplus_macro_f1", "ferplus_recall")
"""The measures that are reported for each corruption, where they are there."""


JOINED_MEASURES = ("accuracy", "accuracy_interval", "balanced_accuracy", "recall", "expected_calibration_error")
"""The measures of the joined output."""


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Scores float32 [N, 7], and the true labels uint8 [N] that they are compared with."""

    scores: Scores
    labels: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The scores of each picture, compared with FER-2013's labels and with FER+'s majority, and their measures."""

    samples: Samples
    by_labels: Predictions
    by_crowd: Predictions | None
    """The predictions for the pictures whose majority is one of the seven emotions."""
    result: dict[str, Any]


def evaluate(
    model: Path, data: DataSet, usage: str, *, conventions: Conventions | None = None, corrupt_seed: int | None = None
) -> Evaluation:
    """Classify every picture of one usage, and measure the scores against FER-2013's labels.

    - With FER+'s votes (`fer2013new.csv`), the scores are also measured against FER+'s majority, where it is one of the
      seven emotions; a model with an output for the crowd is measured by that output.
    - Of a model whose outputs are joined, the result has measures of the joined output, and which share of the emotions
      it would say, plainly or with a "maybe", and how many of these are right.
    - With `corrupt_seed`, the result has measures under each corruption.
    - `conventions` say how a model is read that is not from this project.
    """
    predictor = predictor_of(model, conventions)
    warn_of_assumptions({model: predictor})
    table = data.votes()
    samples = read_samples(data, usage)
    majorities = None if table is None else majority(table[samples.row])
    by_labels, by_crowd, measures = measure_predictor(predictor, samples, majorities)
    result = {"model": model.name, "usage": usage, "n": len(samples), **measures}
    result |= _joined_measures(predictor, samples, majorities)
    if corrupt_seed is not None:
        result["corruptions"] = {
            name: _measures_under(name, predictor, samples, majorities, corrupt_seed) for name in CORRUPTIONS
        }
    return Evaluation(samples, by_labels, by_crowd, result)


def measure_predictor(
    predictor: Predictor, samples: Samples, majorities: Majorities | None
) -> tuple[Predictions, Predictions | None, dict[str, Any]]:
    """Return the predictions of the labels' output and of the crowd's output, and the measures of both.

    `majorities` are FER+'s, int64 [N], -1 where there is none. A model with one output is compared with both truths.
    Where no picture has a majority, the measures against it are None.
    """
    by_labels = Predictions(predictor.scores(samples.pixels, Role.LABELS), samples.labels)
    measures = measure(by_labels.scores, by_labels.labels)
    if majorities is None:
        return by_labels, None, measures
    named = majorities >= 0
    measures["ferplus_n"] = int(named.sum())
    if not named.any():
        return by_labels, None, measures | {f"ferplus_{key}": None for key in CROWD_MEASURES}
    one_output = len(predictor.roles) == 1
    scores = by_labels.scores[named] if one_output else predictor.scores(samples.pixels[named], Role.CROWD)
    by_crowd = Predictions(scores, majorities[named].astype(np.uint8))
    crowd = measure(by_crowd.scores, by_crowd.labels)
    return by_labels, by_crowd, measures | {f"ferplus_{key}": crowd[key] for key in CROWD_MEASURES}


def _joined_measures(predictor: Predictor, samples: Samples, majorities: Majorities | None) -> dict[str, Any]:
    """Return the measures of the joined output as `joined`, by FER+'s majority, or without votes by the labels.

    `said` has the share of the pictures whose emotion would be said plainly, or at least with a "maybe", in the light
    of this one picture, and the share of these that are right.
    """
    truth = samples.labels.astype(np.int64) if majorities is None else majorities
    known = truth >= 0
    if not isinstance(predictor, HeadsetPredictor) or predictor.bounds is None or not known.any():
        return {}
    scores, labels = predictor.joined(samples.pixels[known]), truth[known].astype(np.uint8)
    measures = {key: value for key, value in measure(scores, labels).items() if key in JOINED_MEASURES}
    said = {}
    for name in THRESHOLDS:
        least = dict(zip(SEVEN, getattr(predictor.bounds, name), strict=True))
        share, right = naming(np.log(np.maximum(scores, 1e-9)), labels, least)
        said[name] = {"share": round(share, 4), "right": round(right, 4)}
    return {"joined": {"n": int(known.sum()), **measures, "said": said}}


def _measures_under(
    corruption: str, predictor: Predictor, samples: Samples, majorities: Majorities | None, seed: int
) -> dict[str, Any]:
    changed = corrupted(samples, corruption, seed)
    measures = measure_predictor(predictor, changed, majorities)[2]
    kept = {key: measures[key] for key in CORRUPTION_MEASURES if key in measures}
    return kept | _joined_measures(predictor, changed, majorities)
