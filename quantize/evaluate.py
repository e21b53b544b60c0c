"""Measures a .tflite model on FER-2013 through the headset's own adapter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.adapters.tflite import TFLiteClassifier
from assistant.model_card import Role
from quantize.corrupt import CORRUPTIONS, corrupted
from quantize.datasets import Samples, read_samples
from quantize.fer2013 import majority, read_votes
from quantize.measures import Probabilities, measure


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

    With FER+'s votes (`fer2013new.csv`) the agreement with its majority too, where it is one of the seven; with
    `corrupt_seed` the accuracy and recall under each corruption.
    """
    classifier = TFLiteClassifier(model)
    samples = read_samples(data, usage)
    votes = None if ferplus is None else majority(read_votes(ferplus, samples.row))
    judged = judge_all(classifier, samples, Role.LABELS)
    result = {"model": model.name, "usage": usage, "n": len(samples), **measure(judged, samples.labels)}
    if votes is not None:
        one_output = len(classifier.card.outputs) == 1
        by_crowd = judged if one_output else judge_all(classifier, samples, Role.CROWD)
        named = votes >= 0
        result["ferplus_n"] = int(named.sum())
        result["ferplus_accuracy"] = round(float((by_crowd.argmax(axis=1) == votes)[named].mean()), 4)
    if corrupt_seed is not None:
        result["corruptions"] = {name: _under(name, classifier, samples, corrupt_seed) for name in CORRUPTIONS}
    return Evaluation(samples, judged, result)


def _under(name: str, classifier: TFLiteClassifier, samples: Samples, seed: int) -> dict[str, Any]:
    changed = corrupted(samples, name, seed)
    measures = measure(judge_all(classifier, changed, Role.LABELS), samples.labels)
    return {key: measures[key] for key in ("accuracy", "macro_f1", "recall")}


def judge_all(classifier: TFLiteClassifier, samples: Samples, role: Role) -> Probabilities:
    """The scores of each picture, float32 [N, 7], by the output with this role."""
    from rich.progress import track

    faces = track(samples.pixels, "judging", transient=True)
    return np.array([classifier.classify_by(role, face).values for face in faces], dtype=np.float32)
