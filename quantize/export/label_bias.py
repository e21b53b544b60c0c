"""Shifts the output of FER-2013's labels so that most pictures of every emotion are recognised.

A network that learned from unequal numbers of pictures predicts the frequent emotions too often. Adding a constant to
each logit after training is the cheapest remedy: A. Menon et al., "Long-tail learning via logit adjustment", ICLR 2021.
Here the constants are the smallest that give each emotion a wanted recall on the validation part.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray
from assistant.emotions import EMOTIONS
from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.dataset import DataSet
from quantize.networks.keras_files import load, logits
from quantize.networks.outputs import LABELS_HEAD
from quantize.training.facts import facts_path, training_facts
from quantize.training.training_set import validation_of

STEP, MOST = 0.01, 4.0
"""The step and the largest value of a shift, in logits.

FER-2013 has sixteen times as many happy faces as disgusted ones: the logarithm of that is 2.8.
"""

Labels = npt.NDArray[np.uint8]


def balance(model: Path, data: DataSet, out: Path, least_recall: float) -> dict[str, Any]:
    """Write the model with the labels' output shifted, and its facts beside it.

    Returns the shifts, and accuracy and weakest recall on the validation part before and after.
    """
    facts = training_facts(model)
    _, validation = validation_of(data, facts)
    network = load(model)
    before = logits(model, network, validation.pixels)[LABELS_HEAD.name]
    shift = shifts(before, validation.labels, least_recall)
    _add_to_bias(network, shift, model)
    named = {str(emotion): round(float(each), 2) for emotion, each in zip(EMOTIONS, shift, strict=True)}
    facts["balance"] = {"least_recall": least_recall, "shifts": named}
    with replaced_atomically(out) as unfinished:
        network.save(unfinished)
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return {
        **facts["balance"],
        "before": _measures(before, validation.labels),
        "after": _measures(before + shift, validation.labels),
    }


def shifts(logits: FloatArray, labels: Labels, least_recall: float) -> FloatArray:
    """Return what to add to the logits float32 [N, 7] so that each emotion has at least this recall, float32 [7].

    The weakest emotion is raised, step by step. A recall that cannot be reached raises DataError.
    """
    shift = np.zeros(len(EMOTIONS), np.float32)
    while True:
        recall = recalls(logits + shift, labels)
        weakest = int(np.nanargmin(recall))
        if recall[weakest] >= least_recall:
            return shift
        shift[weakest] += STEP
        if shift.max() > MOST:
            raise DataError(
                f"--least-recall {least_recall:g}: shifts of up to {MOST:g} do not bring {EMOTIONS[weakest]} there; "
                "ask for less, or train longer"
            )


def recalls(logits: FloatArray, labels: Labels) -> npt.NDArray[np.float64]:
    """Return the recall of each emotion, float64 [7], for logits float32 [N, 7]; NaN for one that no picture shows."""
    best = logits.argmax(axis=1)
    hits = [best[labels == number] == number for number in range(len(EMOTIONS))]
    return np.array([each.mean() if len(each) else np.nan for each in hits])


def _add_to_bias(network: Any, shift: FloatArray, model: Path) -> None:
    layer = network.get_layer(LABELS_HEAD.name)
    weights = layer.get_weights()
    if len(weights) != 2:
        raise DataError(f"{model}: its output {LABELS_HEAD.name!r} has no bias that could be shifted")
    layer.set_weights([weights[0], weights[1] + shift])


def _measures(logits: FloatArray, labels: Labels) -> dict[str, float]:
    accuracy = float((logits.argmax(axis=1) == labels).mean())
    return {"accuracy": round(accuracy, 4), "weakest_recall": round(float(np.nanmin(recalls(logits, labels))), 4)}
