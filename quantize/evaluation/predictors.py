"""Gives the scores of the seven emotions, from a model in any file format."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.emotion.bounds import Bounds
from assistant.emotion.joined import Role
from assistant.emotion.preprocess import FloatArray
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import ConfigError, DataError
from assistant.networks.cards import card_path
from quantize.data.samples import SEVEN, Gray
from quantize.evaluation.foreign_models import Conventions, are_probabilities
from quantize.networks.keras_files import input_picture, load, output_sizes, outputs
from quantize.networks.outputs import HEADS, Head, softmax
from quantize.networks.tflite_files import TFLiteModel
from quantize.progress import progress_bar
from quantize.training.facts import facts_path

OWN_HEADS = {head.name: head for head in HEADS["both"]}

_log = logging.getLogger(__name__)


class Predictor(Protocol):
    """A model that gives scores for pictures."""

    roles: tuple[Role, ...]
    """The roles of its outputs: labels, crowd."""
    assumed: str
    """In words, what is assumed of a model that has no description beside it; empty where nothing is assumed."""

    def scores(self, pixels: Gray, role: Role) -> FloatArray:
        """Return scores float32 [N, 7] of gray faces uint8 [N, 48, 48]; a model with one output ignores the role."""


def description_path(model: Path) -> Path:
    """Return the path of the file that describes a model: the card of a .tflite file, the facts of a .keras file."""
    return facts_path(model) if model.suffix == ".keras" else card_path(model)


def predictor_of(model: Path, conventions: Conventions | None = None) -> Predictor:
    """Return a predictor for a model file.

    A .tflite file with a card is run by the headset's code. `conventions` for a model that has a description beside it
    raise ConfigError.
    """
    if model.suffix == ".keras":
        return KerasPredictor(model, conventions)
    if not card_path(model).exists() and model.exists():
        return TFLitePredictor(model, conventions)
    if conventions is not None:
        raise already_described(card_path(model))
    return HeadsetPredictor(model)


def already_described(description: Path) -> ConfigError:
    """Return the error about --labels and --scale for a model that has a description beside it."""
    return ConfigError(f"--labels, --scale: {description} says already how its model is read; leave these options out")


def warn_of_assumptions(predictors: Mapping[Path, Predictor]) -> None:
    """Warn of what is assumed of these models; models with the same assumptions share a warning."""
    by_words: dict[str, list[str]] = {}
    for model, predictor in predictors.items():
        by_words.setdefault(predictor.assumed, []).append(model.name)
    for words, names in by_words.items():
        if words:
            _log.warning("%s: there is neither card nor facts beside it; assumed are %s", ", ".join(names), words)


class HeadsetPredictor:
    """A .tflite file with a card, run by the headset's code."""

    assumed = ""

    def __init__(self, model: Path) -> None:
        self._classifier = TFLiteClassifier(model)
        self.roles = tuple(output.role for output in self._classifier.card.outputs)
        self.bounds: Bounds | None = None if self._classifier.card.joined is None else self._classifier.bounds
        """The evidence from which the headset says each emotion; None for a model whose outputs were not joined."""

    def scores(self, pixels: Gray, role: Role) -> FloatArray:
        """Classify picture by picture."""
        faces = progress_bar(pixels, "classifying")
        return np.array([self._classifier.classify_by(role, face).values for face in faces], dtype=np.float32)

    def joined(self, pixels: Gray) -> FloatArray:
        """Return the scores of the joined output, from which the headset speaks, float32 [N, 7]."""
        faces = progress_bar(pixels, "classifying")
        return np.array([self._classifier.classify(face).scores.values for face in faces], dtype=np.float32)


class KerasPredictor:
    """A .keras file."""

    def __init__(self, model: Path, conventions: Conventions | None = None) -> None:
        described = description_path(model).exists()
        if conventions is not None and described:
            raise already_described(description_path(model))
        self._model = load(model)
        self._picture = input_picture(model, self._model)
        self._meaning = _Meaning(model, output_sizes(model, self._model), described, conventions)
        self.roles, self.assumed = self._meaning.roles, self._meaning.assumed

    def scores(self, pixels: Gray, role: Role) -> FloatArray:
        """Classify in batches."""
        prepare = self._meaning.conventions.prepared
        return self._meaning.seven(outputs(self._model, pixels, lambda part: prepare(part, self._picture)), role)


class TFLitePredictor:
    """A .tflite file of any form, run without the headset's code; a file with a card is read as this project's own."""

    def __init__(self, model: Path, conventions: Conventions | None = None) -> None:
        described = card_path(model).exists()
        if conventions is not None and described:
            raise already_described(card_path(model))
        self._file = TFLiteModel(model)
        self._meaning = _Meaning(model, self._file.output_sizes, described, conventions)
        self.roles, self.assumed = self._meaning.roles, self._meaning.assumed

    def scores(self, pixels: Gray, role: Role) -> FloatArray:
        """Classify picture by picture."""
        by_face = [self._file.run(self.prepared(face)) for face in pixels]
        return self._meaning.seven({name: np.stack([each[name] for each in by_face]) for name in by_face[0]}, role)

    def prepared(self, face: Gray) -> FloatArray:
        """Return one gray face uint8 [48, 48] as the file takes it."""
        prepared: FloatArray = self._meaning.conventions.prepared(face[np.newaxis], self._file.picture)[0]
        return prepared


class _Meaning:
    """What the numbers of a model mean: of a network of this project, or of a foreign network by its conventions."""

    def __init__(
        self, model: Path, numbers: Mapping[str, int], described: bool, conventions: Conventions | None
    ) -> None:
        self._model = model
        self._is_own = described or (conventions is None and len(numbers) > 1)
        self.conventions = conventions or Conventions()
        self.assumed = "" if described else self.conventions.assumed()
        self.roles = tuple(head.role for head in self._heads(numbers)) if self._is_own else (Role.LABELS,)
        if not self._is_own:
            self._check_foreign(numbers)

    def seven(self, by_name: Mapping[str, FloatArray], role: Role) -> FloatArray:
        """Return the scores of the seven emotions, float32 [N, 7]; a number that is not finite raises DataError."""
        if self._is_own:
            own = (head for head in OWN_HEADS.values() if head.role is role and head.name in by_name)
            values = by_name[next(own, HEADS["labels"][0]).name]
        else:
            (values,) = by_name.values()
        if not np.isfinite(values).all():
            raise DataError(f"{self._model}: its output is not a finite number for every picture: it is damaged")
        if self._is_own:
            seven = softmax(values)[:, : len(SEVEN)]
            return np.asarray(seven / seven.sum(axis=1, keepdims=True), dtype=np.float32)
        if are_probabilities(values):
            _log.warning("%s: its numbers add up to one, and are taken for probabilities", self._model.name)
        return self.conventions.seven(values)

    def _heads(self, numbers: Mapping[str, int]) -> Sequence[Head]:
        heads = [head for head in OWN_HEADS.values() if numbers.get(head.name) == len(head.labels)]
        if len(heads) < len(numbers):
            given = ", ".join(f"{name!r} of {count}" for name, count in numbers.items())
            raise DataError(f"{self._model}: its outputs are {given}; an output of the seven emotions is needed")
        return heads

    def _check_foreign(self, numbers: Mapping[str, int]) -> None:
        if len(numbers) != 1:
            raise DataError(f"{self._model}: has {len(numbers)} outputs; only a model with one output can be read")
        ((_, count),) = numbers.items()
        if count != len(self.conventions.names):
            raise DataError(
                f"{self._model}: gives {count} numbers a picture, not {len(self.conventions.names)}: "
                "`--labels A,B,C...` says what each of them is"
            )
