"""Calibrates a converted model, and puts it with its card and its page where the headset looks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents import read_json
from assistant.emotion.model_card import Role
from assistant.emotion.preprocess import FloatArray
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path
from quantize.data.dataset import DataSet
from quantize.data.ferplus import Majorities, majority
from quantize.data.samples import SEVEN, Gray
from quantize.evaluation.calibrate import calibration
from quantize.export.card import card_as_markdown, write_model
from quantize.progress import progress_bar
from quantize.training.facts import checked_facts
from quantize.training.training_set import validation_of

TRUTH = {Role.CROWD: "FER+'s majority", Role.LABELS: "FER-2013's labels"}


def publish(model: Path, data: DataSet, out: Path, precision: float) -> dict[str, Any]:
    """Calibrate each output of `model` on the validation part; write `out` (.tflite), its card and its page.

    The crowd's output is calibrated by FER+'s majority, the labels' output by FER-2013's labels. Returns the card. A
    model with an output for the crowd raises DataError where the data have no votes.
    """
    classifier = TFLiteClassifier(model)
    card = checked_facts(card_path(model), read_json(card_path(model), DataError))
    roles = {output.name: output.role for output in classifier.card.outputs}
    if Role.CROWD in roles.values() and data.ferplus is None:
        raise DataError(f"{model}: has an output for FER+'s votes; --ferplus is needed to calibrate it")
    votes = data.votes()
    _, validation = validation_of(data, card)
    truths = {Role.LABELS: validation.labels.astype(np.int64)}
    if votes is not None:
        truths[Role.CROWD] = majority(votes[validation.row])
    logits = _logits(classifier, validation.pixels)
    for output in card["outputs"]:
        role = roles[output["name"]]
        if not (truths[role] >= 0).any():
            raise DataError(
                f"{data.path}: no picture of the validation part has a majority among the seven emotions by "
                f"{data.ferplus}, so {output['name']!r} cannot be calibrated"
            )
        output["calibration"] = _calibration(output, logits[output["name"]], truths[role], role, precision)
    card["name"] = out.stem
    page = card_as_markdown(card)
    write_model(out, model.read_bytes(), card)
    with replaced_atomically(out.with_suffix(".md")) as unfinished:
        unfinished.write_text(page, encoding="utf-8")
    return card


def _calibration(
    output: dict[str, Any], logits: FloatArray, truth: Majorities, role: Role, precision: float
) -> dict[str, Any]:
    """Return the calibration of an output of the card, on the pictures whose true label is known (not -1)."""
    known = truth >= 0
    columns = [output["labels"].index(label) for label in SEVEN]
    made = calibration(logits[known][:, columns], truth[known].astype(np.uint8), precision)
    return {"truth": TRUTH[role], "usage": "validation", **made}


def _logits(classifier: TFLiteClassifier, pixels: Gray) -> dict[str, FloatArray]:
    by_face = [classifier.logits(face) for face in progress_bar(pixels, "classifying")]
    return {name: np.stack([each[name] for each in by_face]) for name in by_face[0]}
