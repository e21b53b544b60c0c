"""Measures a .tflite model on FER-2013 through the headset's own adapter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.adapters.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS
from assistant.model_card import Role
from quantize.datasets import Samples, read_samples
from quantize.fer2013 import majority, read_votes

LABELS = [str(emotion) for emotion in EMOTIONS]


def evaluate(model: Path, data: Path, usage: str, ferplus: Path | None = None) -> dict[str, Any]:
    """Judge every picture of one usage: accuracy, macro F1, recall per label, confusion.

    With FER+'s votes (`fer2013new.csv`) the agreement with its majority too.
    """
    classifier = TFLiteClassifier(model)
    samples = read_samples(data, usage)
    votes = None if ferplus is None else majority(read_votes(ferplus, samples.row))
    predicted = predict(classifier, samples, Role.LABELS)
    result = {"model": model.name, "usage": usage, "n": len(samples), **measure(predicted, samples)}
    if votes is not None:
        named = votes >= 0
        one_output = len(classifier.card.outputs) == 1
        by_crowd = predicted if one_output else predict(classifier, samples, Role.CROWD)
        result["ferplus_n"] = int(named.sum())
        result["ferplus_accuracy"] = round(float((by_crowd == votes)[named].mean()), 4)
    return result


def predict(classifier: TFLiteClassifier, samples: Samples, role: Role) -> npt.NDArray[np.int64]:
    """The best label of each picture, int64 [N], by the output with this role."""
    from rich.progress import track

    faces: Iterable[npt.NDArray[np.uint8]] = track(samples.pixels, "judging", transient=True)
    best = [EMOTIONS.index(classifier.classify_by(role, face).best) for face in faces]
    return np.array(best, dtype=np.int64)


def measure(predicted: npt.NDArray[np.int64], samples: Samples) -> dict[str, Any]:
    """Accuracy, macro F1, recall per label, and confusion (rows: true, columns: predicted)."""
    from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, recall_score

    numbers = list(range(len(LABELS)))
    recall = recall_score(samples.labels, predicted, labels=numbers, average=None, zero_division=0)
    return {
        "accuracy": round(float(accuracy_score(samples.labels, predicted)), 4),
        "macro_f1": round(
            float(f1_score(samples.labels, predicted, labels=numbers, average="macro", zero_division=0)), 4
        ),
        "recall": {label: round(float(value), 4) for label, value in zip(LABELS, recall, strict=True)},
        "confusion": confusion_matrix(samples.labels, predicted, labels=numbers).tolist(),
    }
