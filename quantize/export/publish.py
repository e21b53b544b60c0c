"""Puts a converted model where the headset looks for it: calibrated, with its card and a page for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents import read_json
from assistant.emotion.model_card import Role
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path
from quantize.data.dataset import DataSet
from quantize.data.ferplus import majority
from quantize.data.samples import SEVEN, Gray
from quantize.evaluation.calibrate import calibration
from quantize.export.card import readable, write_model
from quantize.networks.outputs import Array
from quantize.progress import shown
from quantize.training.facts import checked_facts
from quantize.training.training_set import validation_of

TRUTH = {Role.CROWD: "FER+'s majority", Role.LABELS: "FER-2013's labels"}


def publish(model: Path, data: DataSet, out: Path, precision: float) -> dict[str, Any]:
    """Calibrate each output of `model` on the validation part, and write `out` (.tflite), its card and its page.

    The crowd's output is calibrated by FER+'s majority, the labels' by FER-2013's labels. Returns the card.
    """
    classifier = TFLiteClassifier(model)
    card = checked_facts(card_path(model), read_json(card_path(model), DataError))
    roles = {output.name: output.role for output in classifier.card.outputs}
    if Role.CROWD in roles.values() and data.ferplus is None:
        raise DataError(f"{model}: has an output for FER+'s votes; --ferplus is needed to calibrate it")
    votes = data.votes()
    _, validation = validation_of(data, card)
    majorities = np.zeros(0) if votes is None else majority(votes[validation.row])
    logits = _logits(classifier, validation.pixels)
    for entry in card["outputs"]:
        role = roles[entry["name"]]
        truth = majorities if role is Role.CROWD else validation.labels.astype(np.int64)
        there = truth >= 0
        if not there.any():
            raise DataError(
                f"{data.path}: no picture of the validation part has a majority among the seven emotions by "
                f"{data.ferplus}: {entry['name']!r} cannot be calibrated"
            )
        columns = [entry["labels"].index(label) for label in SEVEN]
        said = logits[entry["name"]][there][:, columns]
        made = calibration(said, truth[there].astype(np.uint8), precision)
        entry["calibration"] = {"truth": TRUTH[role], "usage": "validation", **made}
    card["name"] = out.stem
    page = readable(card)
    write_model(out, model.read_bytes(), card)
    with replaced_atomically(out.with_suffix(".md")) as unfinished:
        unfinished.write_text(page, encoding="utf-8")
    return card


def _logits(classifier: TFLiteClassifier, pixels: Gray) -> dict[str, Array]:
    said = [classifier.logits(face) for face in shown(pixels, "judging")]
    return {name: np.stack([each[name] for each in said]) for name in said[0]}
