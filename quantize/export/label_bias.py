"""Shifts the output of FER-2013's labels so that none of the seven emotions is mostly missed.

A network that learned from unequal numbers says the frequent too often. Adding a constant to each logit, after
training, is the cheapest remedy: A. Menon et al., "Long-tail learning via logit adjustment", ICLR 2021. Here the
constants are the smallest that give each emotion a wanted recall on the validation part.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.dataset import DataSet
from quantize.networks.keras_files import load, logits
from quantize.networks.outputs import LABELS_HEAD, Array
from quantize.training.facts import facts_path, training_facts
from quantize.training.training_set import validation_of

STEP, MOST = 0.01, 4.0
"""Of a shift, in logits. FER-2013 has sixteen times as many happy faces as disgusted ones: a logarithm of 2.8."""

Labels = npt.NDArray[np.uint8]


def balance(model: Path, data: DataSet, out: Path, least_recall: float) -> dict[str, Any]:
    """Write the model with its labels' output shifted, and its facts beside it.

    Returns the shifts, and accuracy and weakest recall on the validation part before and after.
    """
    facts = training_facts(model)
    _, validation = validation_of(data, facts)
    network = load(model)
    said = logits(model, network, validation.pixels)[LABELS_HEAD.name]
    shift = shifts(said, validation.labels, least_recall)
    _add_to_bias(network, shift, model)
    named = {str(emotion): round(float(each), 2) for emotion, each in zip(EMOTIONS, shift, strict=True)}
    facts["balance"] = {"least_recall": least_recall, "shifts": named}
    with replaced_atomically(out) as unfinished:
        network.save(unfinished)
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return {
        **facts["balance"],
        "before": _measured(said, validation.labels),
        "after": _measured(said + shift, validation.labels),
    }


def shifts(said: Array, labels: Labels, least_recall: float) -> Array:
    """What to add to the logits float32 [N, 7] so that each emotion is recalled so often, float32 [7].

    The weakest is raised, step by step. DataError when that does not end.
    """
    shift = np.zeros(len(EMOTIONS), np.float32)
    while True:
        recall = recalls(said + shift, labels)
        weakest = int(np.nanargmin(recall))
        if recall[weakest] >= least_recall:
            return shift
        shift[weakest] += STEP
        if shift.max() > MOST:
            raise DataError(
                f"--least-recall {least_recall:g}: shifts of up to {MOST:g} do not bring {EMOTIONS[weakest]} there: "
                "ask for less, or train longer"
            )


def recalls(said: Array, labels: Labels) -> npt.NDArray[np.float64]:
    """The recall of each emotion by logits float32 [N, 7], float64 [7]; NaN for one that there is not."""
    best = said.argmax(axis=1)
    hits = [best[labels == number] == number for number in range(len(EMOTIONS))]
    return np.array([each.mean() if len(each) else np.nan for each in hits])


def _add_to_bias(network: Any, shift: Array, model: Path) -> None:
    layer = network.get_layer(LABELS_HEAD.name)
    weights = layer.get_weights()
    if len(weights) != 2:
        raise DataError(f"{model}: its output {LABELS_HEAD.name!r} has no bias that could be shifted")
    layer.set_weights([weights[0], weights[1] + shift])


def _measured(said: Array, labels: Labels) -> dict[str, float]:
    accuracy = float((said.argmax(axis=1) == labels).mean())
    return {"accuracy": round(accuracy, 4), "weakest_recall": round(float(np.nanmin(recalls(said, labels))), 4)}
