"""Calibrates a converted model, and puts it with its card and its page where the headset looks for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents import read_json
from assistant.emotion.joined import Role, log_softmax
from assistant.emotion.model_card import NOT_A_FACE, OutputCard
from assistant.emotion.preprocess import FloatArray
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path
from quantize.data.dataset import DataSet
from quantize.data.ferplus import Majorities, Votes, majority
from quantize.data.movements import MovingFaces
from quantize.data.photographs import read_photographs
from quantize.data.samples import SEVEN, Gray, Samples
from quantize.evaluation.calibrate import calibration
from quantize.evaluation.corrupt import CORRUPTIONS, corrupted
from quantize.export.card import card_as_markdown, write_model
from quantize.export.joining import AS_THEY_ARE, PHOTOGRAPHS, Condition, LogScores, choose_joining
from quantize.export.movements import choose_movements
from quantize.networks.outputs import crowd_votes
from quantize.progress import progress_bar
from quantize.training.facts import checked_facts
from quantize.training.training_set import validation_of

TRUTH = {Role.CROWD: "FER+'s majority", Role.LABELS: "FER-2013's labels"}
SEED = 2013
"""The seed of the corruptions on which the thresholds are chosen."""

VETOED = 1 / 70
"""This share of the validation faces reaches the threshold of "not a face" (benchmarks/not_faces.py: what it stops)."""

Truths = Mapping[Role, Majorities]


def publish(
    model: Path, data: DataSet, out: Path, photographs: Path | None = None, moving: MovingFaces | None = None
) -> dict[str, Any]:
    """Calibrate `model` on the validation part; write `out` (.tflite), its card and its page. Return the card.

    The crowd's output is calibrated by FER+'s majority, the labels' output by FER-2013's labels. Then it is chosen how
    they are joined, and from which evidence on an emotion is said: on the validation part as it is and corrupted, and
    on every second one of the `photographs` (see `read_photographs`). From which logit on a movement is said is chosen
    on faces with known movements, `moving`. A model with an output for the crowd raises DataError where the data have
    no votes, and one with an output for movements where there are no such faces.
    """
    outputs = _Outputs(classifier := TFLiteClassifier(model))
    card = checked_facts(card_path(model), read_json(card_path(model), DataError))
    if Role.CROWD in outputs.by_role and data.ferplus is None:
        raise DataError(f"{model}: has an output for FER+'s votes; --ferplus is needed to calibrate it")
    votes = data.votes()
    training, validation = validation_of(data, card)
    if classifier.card.movement_output is not None and moving is None:
        raise DataError(f"{model}: has an output for movements; --movements is needed to choose when they are said")
    truths, logits = _truths(votes, validation), outputs.logits(validation.pixels)
    _refuse_without_truth(data, outputs, truths)
    for entry, (role, output) in zip(card["outputs"], outputs.by_role.items(), strict=True):
        entry["calibration"] = _calibration(output, logits[role], truths[role], role)
        outputs.temperatures[role] = entry["calibration"]["temperature"]
    conditions = [
        Condition(name, outputs.log_scores(_under(name, validation).pixels), list(truths.values()))
        for name in (AS_THEY_ARE, *CORRUPTIONS)
    ]
    if photographs is not None:
        others = read_photographs(photographs, classifier, half=0)
        conditions.append(Condition(PHOTOGRAPHS, outputs.log_scores(others.pixels), [others.labels.astype(np.int64)]))
    card["joined"] = choose_joining(conditions, _shares(votes, training), outputs.not_a_face(logits))
    if moving is not None and "movements" in card:
        card["movements"] |= choose_movements(classifier, moving, SEED)
    card["name"] = out.stem
    page = card_as_markdown(card)
    write_model(out, model.read_bytes(), card)
    with replaced_atomically(out.with_suffix(".md")) as unfinished:
        unfinished.write_text(page, encoding="utf-8")
    return card


class _Outputs:
    """The outputs of a model, with the temperatures that they are given."""

    def __init__(self, classifier: TFLiteClassifier) -> None:
        self._classifier = classifier
        self.by_role = {output.role: output for output in classifier.card.outputs}
        self.temperatures: dict[Role, float] = {}

    def logits(self, pixels: Gray) -> dict[Role, FloatArray]:
        """Return the logits of each output for gray faces, float32 [N, labels]."""
        by_face = [self._classifier.logits(face) for face in progress_bar(pixels, "classifying")]
        return {role: np.stack([each[output.name] for each in by_face]) for role, output in self.by_role.items()}

    def log_scores(self, pixels: Gray) -> LogScores:
        """Return the logarithms of each output's scores for gray faces, float32 [N, 7]."""
        return {
            role: log_softmax(logits / np.float32(self.temperatures[role]))[:, _seven(self.by_role[role])]
            for role, logits in self.logits(pixels).items()
        }

    def not_a_face(self, logits: Mapping[Role, FloatArray]) -> dict[str, Any]:
        """Return the card's entry for the veto, from the logits for the validation faces."""
        threshold = 1.0
        crowd = self.by_role.get(Role.CROWD)
        if crowd is not None and NOT_A_FACE in crowd.labels:
            scores = np.exp(log_softmax(logits[Role.CROWD] / np.float32(self.temperatures[Role.CROWD])))
            threshold = float(np.quantile(scores[:, crowd.labels.index(NOT_A_FACE)], 1 - VETOED))
        return {"threshold": round(threshold, 5), "crop": "the square of the Haar cascade"}


def _truths(votes: Votes | None, validation: Samples) -> dict[Role, Majorities]:
    """Return what the validation pictures show, by each opinion that there is, the crowd's first."""
    majorities = None if votes is None else majority(votes[validation.row])
    by_crowd = {} if majorities is None or not (majorities >= 0).any() else {Role.CROWD: majorities}
    return {**by_crowd, Role.LABELS: validation.labels.astype(np.int64)}


def _refuse_without_truth(data: DataSet, outputs: _Outputs, truths: Truths) -> None:
    for role, output in outputs.by_role.items():
        if role not in truths:
            raise DataError(
                f"{data.path}: no picture of the validation part has a majority among the seven emotions by "
                f"{data.ferplus}, so {output.name!r} cannot be calibrated"
            )


def _calibration(output: OutputCard, logits: FloatArray, truth: Majorities, role: Role) -> dict[str, Any]:
    """Return the calibration of an output, on the pictures whose true label is known (not -1)."""
    known = truth >= 0
    made = calibration(logits[known][:, _seven(output)], truth[known].astype(np.uint8))
    return {"truth": TRUTH[role], "usage": "validation", **made}


def _seven(output: OutputCard) -> list[int]:
    return [output.labels.index(label) for label in SEVEN]


def _under(name: str, validation: Samples) -> Samples:
    return validation if name == AS_THEY_ARE else corrupted(validation, name, SEED)


def _shares(votes: Votes | None, training: Samples) -> FloatArray:
    """Return the share of each emotion in the crowd's votes for the training pictures, or in their labels."""
    counts = (
        np.bincount(training.labels, minlength=len(SEVEN))
        if votes is None
        else crowd_votes(votes[training.row])[:, : len(SEVEN)].sum(axis=0)
    )
    return np.asarray(np.maximum(counts / counts.sum(), 1e-6), np.float32)
