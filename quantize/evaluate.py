"""Measures a model on the pictures of one usage: a .tflite file through the headset's own adapter, or a .keras file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.model_card import Role
from quantize.corrupt import CORRUPTIONS, corrupted
from quantize.datasets import Samples, read_samples
from quantize.fer2013 import majority, read_votes
from quantize.judges import Judge, judge
from quantize.measures import Probabilities, expected_calibration_error, measure


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a model said of each picture, and the measures of it."""

    samples: Samples
    judged: Probabilities
    result: dict[str, Any]


def evaluate(
    model: Path, data: Path, usage: str, ferplus: Path | None = None, *, corrupt_seed: int | None = None
) -> Evaluation:
    """Judge every picture of one usage and measure it by FER-2013's labels.

    With FER+'s votes (`fer2013new.csv`) the agreement with its majority too, where it is one of the seven, by the
    crowd's output where there is one; with `corrupt_seed` the accuracy and recall under each corruption.
    """
    asked = judge(model)
    samples = read_samples(data, usage)
    votes = None if ferplus is None else majority(read_votes(ferplus, samples.row))
    judged = asked.scores(samples.pixels, Role.LABELS)
    result = {"model": model.name, "usage": usage, "n": len(samples), **measure(judged, samples.labels)}
    if votes is not None:
        named = votes >= 0
        alone = len(asked.roles) == 1
        by_crowd = judged[named] if alone else asked.scores(samples.pixels[named], Role.CROWD)
        crowd = measure(by_crowd, votes[named].astype("uint8"))
        result["ferplus_n"] = int(named.sum())
        result["ferplus_accuracy"] = crowd["accuracy"]
        result["ferplus_recall"] = crowd["recall"]
        result["ferplus_confusion"] = crowd["confusion"]
        result["ferplus_calibration_error"] = round(
            expected_calibration_error(by_crowd, votes[named].astype("uint8")), 4
        )
    if corrupt_seed is not None:
        result["corruptions"] = {name: _under(name, asked, samples, corrupt_seed) for name in CORRUPTIONS}
    return Evaluation(samples, judged, result)


def _under(name: str, asked: Judge, samples: Samples, seed: int) -> dict[str, Any]:
    changed = corrupted(samples, name, seed)
    measures = measure(asked.scores(changed.pixels, Role.LABELS), samples.labels)
    return {key: measures[key] for key in ("accuracy", "macro_f1", "recall")}
