"""Measures a model on the pictures of one usage: a .tflite file through the headset's own adapter, or a .keras file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.model_card import Role
from quantize.data.dataset import DataSet, read_samples
from quantize.data.ferplus import majority
from quantize.data.samples import Samples
from quantize.evaluation.calibrate import naming
from quantize.evaluation.corrupt import CORRUPTIONS, corrupted
from quantize.evaluation.metrics import Probabilities, measure
from quantize.evaluation.predictors import Predictor, predictor_of, say_assumed
from quantize.evaluation.readings import Reading

CROWD_MEASURES = ("accuracy", "macro_f1", "recall", "precision", "confusion", "expected_calibration_error")
"""Taken by FER+'s majority too."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Scores float32 [N, 7] and the labels uint8 [N] that they are held against."""

    scores: Probabilities
    labels: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a model said of each picture, by FER-2013's labels and by FER+'s majority, and the measures of it."""

    samples: Samples
    by_labels: Judged
    by_crowd: Judged | None
    """Of the pictures whose majority is one of the seven."""
    result: dict[str, Any]


def evaluate(
    model: Path, data: DataSet, usage: str, *, reading: Reading | None = None, corrupt_seed: int | None = None
) -> Evaluation:
    """Judge every picture of one usage and measure it by FER-2013's labels.

    With FER+'s votes (`fer2013new.csv`) the agreement with its majority too, where it is one of the seven, by the
    crowd's output where there is one; with a calibrated card what share is named plainly, and rightly; with
    `corrupt_seed` the same measures under each corruption. A model from elsewhere is read as `reading` says.
    """
    asked = predictor_of(model, reading)
    say_assumed({model: asked})
    table = data.votes()
    samples = read_samples(data, usage)
    votes = None if table is None else majority(table[samples.row])
    by_labels, by_crowd, measures = measured(asked, samples, votes)
    result = {"model": model.name, "usage": usage, "n": len(samples), **measures}
    spoken = by_crowd if by_crowd is not None or len(asked.roles) > 1 else by_labels
    if asked.thresholds and spoken is not None:  # the thresholds are those of the output that the headset speaks from
        named, rightly = naming(spoken.scores, spoken.labels, asked.thresholds)
        result |= {"named": round(named, 4), "named_rightly": round(rightly, 4)}
    if corrupt_seed is not None:
        result["corruptions"] = {name: _under(name, asked, samples, votes, corrupt_seed) for name in CORRUPTIONS}
    return Evaluation(samples, by_labels, by_crowd, result)


def measured(
    asked: Predictor, samples: Samples, votes: npt.NDArray[np.int64] | None
) -> tuple[Judged, Judged | None, dict[str, Any]]:
    """What a model says by the labels' output and by the crowd's, and the measures of it.

    `votes` are FER+'s majorities, int64 [N], -1 where there is none. A model of one output is measured by both truths.
    Where no picture has a majority, the measures by it are None.
    """
    by_labels = Judged(asked.scores(samples.pixels, Role.LABELS), samples.labels)
    measures = measure(by_labels.scores, by_labels.labels)
    if votes is None:
        return by_labels, None, measures
    named = votes >= 0
    measures["ferplus_n"] = int(named.sum())
    if not named.any():
        return by_labels, None, measures | {f"ferplus_{key}": None for key in CROWD_MEASURES}
    alone = len(asked.roles) == 1
    said = by_labels.scores[named] if alone else asked.scores(samples.pixels[named], Role.CROWD)
    by_crowd = Judged(said, votes[named].astype(np.uint8))
    crowd = measure(by_crowd.scores, by_crowd.labels)
    return by_labels, by_crowd, measures | {f"ferplus_{key}": crowd[key] for key in CROWD_MEASURES}


def _under(
    name: str, asked: Predictor, samples: Samples, votes: npt.NDArray[np.int64] | None, seed: int
) -> dict[str, Any]:
    measures = measured(asked, corrupted(samples, name, seed), votes)[2]
    kept = ("accuracy", "macro_f1", "recall", "ferplus_accuracy", "ferplus_macro_f1", "ferplus_recall")
    return {key: measures[key] for key in kept if key in measures}
