"""Asks a model, of whatever form, for its scores of the seven emotions."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.emotion.model_card import Role
from assistant.emotion.preprocess import FloatArray
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import ConfigError, DataError
from assistant.networks.cards import card_path
from quantize.data.samples import SEVEN
from quantize.evaluation.readings import Reading, are_probabilities
from quantize.networks.outputs import HEADS, Array, Head, softmax
from quantize.networks.tflite_files import FileModel
from quantize.progress import shown
from quantize.training.facts import facts_path

Gray = npt.NDArray[np.uint8]
OWN = {head.name: head for head in HEADS["both"]}

_log = logging.getLogger(__name__)


class Predictor(Protocol):
    """A model that can be asked."""

    roles: tuple[Role, ...]
    """Whose opinion it can give."""
    thresholds: Mapping[str, float | None]
    """From which score on the headset may name an emotion plainly; empty where that was not calibrated."""
    assumed: str
    """What is assumed of a model that nothing beside it tells of; empty where nothing is."""

    def scores(self, pixels: Gray, role: Role) -> Array:
        """Scores float32 [N, 7] of gray faces uint8 [N, 48, 48]; a model with one output is asked for that one."""


def tells_of(model: Path) -> Path:
    """The file beside a model that says how it is read: a .tflite file's card, a .keras file's facts."""
    return facts_path(model) if model.suffix == ".keras" else card_path(model)


def predictor_of(model: Path, reading: Reading | None = None) -> Predictor:
    """A judge for a .keras file; for a .tflite file by the headset's adapter, or where it has no card by itself."""
    if model.suffix == ".keras":
        return KerasPredictor(model, reading)
    if not card_path(model).exists() and model.exists():
        return FilePredictor(model, reading)
    if reading is not None:
        raise told_by(card_path(model))
    return HeadsetPredictor(model)


def told_by(beside: Path) -> ConfigError:
    """What is wrong with --labels and --scale for a model that something beside it tells of."""
    return ConfigError(f"--labels, --scale: {beside} says already how its model is read; they are for others")


def say_assumed(predictors: Mapping[Path, Predictor]) -> None:
    """Warn of what is assumed of these models, once for all of which the same is."""
    by_words: dict[str, list[str]] = {}
    for model, each in predictors.items():
        by_words.setdefault(each.assumed, []).append(model.name)
    for words, names in by_words.items():
        if words:
            _log.warning("%s: neither card nor facts beside it; assumed are %s", ", ".join(names), words)


class HeadsetPredictor:
    """A .tflite file with a card, run as the headset runs it."""

    assumed = ""

    def __init__(self, model: Path) -> None:
        self._classifier = TFLiteClassifier(model)
        self.roles = tuple(output.role for output in self._classifier.card.outputs)
        self.thresholds = self._classifier.card.speaking().thresholds

    def scores(self, pixels: Gray, role: Role) -> Array:
        """Picture by picture."""
        faces = shown(pixels, "judging")
        return np.array([self._classifier.classify_by(role, face).values for face in faces], dtype=np.float32)


class KerasPredictor:
    """A .keras file."""

    def __init__(self, model: Path, reading: Reading | None = None) -> None:
        from quantize.networks.keras_files import input_picture, load, numbers

        told = tells_of(model).exists()
        if reading is not None and told:
            raise told_by(tells_of(model))
        self._model = load(model)
        self._picture = input_picture(model, self._model)
        self._answers = _Answers(model, numbers(model, self._model), told, reading)
        self.roles, self.assumed = self._answers.roles, self._answers.assumed
        self.thresholds: Mapping[str, float | None] = {}

    def scores(self, pixels: Gray, role: Role) -> Array:
        """In batches."""
        from quantize.networks.keras_files import answers

        prepare = self._answers.reading.prepared
        return self._answers.seven(answers(self._model, pixels, lambda part: prepare(part, self._picture)), role)


class FilePredictor:
    """A .tflite file of any form, run by itself; one with a card is read as this project's own."""

    def __init__(self, model: Path, reading: Reading | None = None) -> None:
        told = card_path(model).exists()
        if reading is not None and told:
            raise told_by(card_path(model))
        self._file = FileModel(model)
        self._answers = _Answers(model, self._file.labels, told, reading)
        self.roles, self.assumed = self._answers.roles, self._answers.assumed
        self.thresholds: Mapping[str, float | None] = {}

    def scores(self, pixels: Gray, role: Role) -> Array:
        """Picture by picture."""
        said = [self._file.answer(self.prepared(face)) for face in pixels]
        return self._answers.seven({name: np.stack([each[name] for each in said]) for name in said[0]}, role)

    def prepared(self, face: Gray) -> FloatArray:
        """One gray face uint8 [48, 48] as the file is shown it."""
        prepared: FloatArray = self._answers.reading.prepared(face[np.newaxis], self._file.picture)[0]
        return prepared


class _Answers:
    """What the numbers of a model mean: of a network of this project, or of another, by a reading of it."""

    def __init__(self, model: Path, numbers: Mapping[str, int], told: bool, reading: Reading | None) -> None:
        self._model = model
        self._own = told or (reading is None and len(numbers) > 1)
        self.reading = reading or Reading()
        self.assumed = "" if told else self.reading.assumed()
        self.roles = tuple(head.role for head in self._heads(numbers)) if self._own else (Role.LABELS,)
        if not self._own:
            self._check(numbers)

    def seven(self, said: Mapping[str, Array], role: Role) -> Array:
        """The scores of the seven emotions, float32 [N, 7]; DataError when there is one that is no number."""
        if self._own:
            head = next((head for head in OWN.values() if head.role is role and head.name in said), HEADS["labels"][0])
            numbers = said[head.name]
        else:
            (numbers,) = said.values()
        if not np.isfinite(numbers).all():
            raise DataError(f"{self._model}: what it says is not a finite number for every picture: it is damaged")
        if self._own:
            seven = softmax(numbers)[:, : len(SEVEN)]
            return np.asarray(seven / seven.sum(axis=1, keepdims=True), dtype=np.float32)
        self._tell_probabilities(numbers)
        return self.reading.seven(numbers)

    def _tell_probabilities(self, numbers: Array) -> None:
        if are_probabilities(numbers):
            _log.warning("%s: its numbers add up to one, and are taken for probabilities", self._model.name)

    def _heads(self, numbers: Mapping[str, int]) -> Sequence[Head]:
        heads = [head for head in OWN.values() if numbers.get(head.name) == len(head.labels)]
        if len(heads) < len(numbers):
            given = ", ".join(f"{name!r} of {count}" for name, count in numbers.items())
            raise DataError(f"{self._model}: its outputs are {given}; one of the seven emotions' scores is needed")
        return heads

    def _check(self, numbers: Mapping[str, int]) -> None:
        if len(numbers) != 1:
            raise DataError(f"{self._model}: has {len(numbers)} outputs; --labels can name the numbers of one alone")
        ((_, count),) = numbers.items()
        if count != len(self.reading.names):
            raise DataError(
                f"{self._model}: gives {count} numbers a picture, not {len(self.reading.names)}: "
                "`--labels A,B,C...` says what each of them is"
            )
