"""Asks a model, of whatever form, for its scores of the seven emotions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.adapters.tflite import TFLiteClassifier
from assistant.cards import card_path
from assistant.model_card import Role
from quantize.forms import FileModel, softmax
from quantize.heads import HEADS, SEVEN, Array
from quantize.progress import shown

Gray = npt.NDArray[np.uint8]


class Judge(Protocol):
    """A model that can be asked."""

    roles: tuple[Role, ...]
    """Whose opinion it can give."""
    thresholds: Mapping[str, float | None]
    """From which score on the headset may name an emotion plainly; empty where that was not calibrated."""

    def scores(self, pixels: Gray, role: Role) -> Array:
        """Scores float32 [N, 7] of gray faces uint8 [N, 48, 48]; a model with one output is asked for that one."""


def judge(model: Path) -> Judge:
    """A judge for a .keras file; for a .tflite file by the headset's adapter, or where it has no card by itself."""
    if model.suffix == ".keras":
        return KerasJudge(model)
    return HeadsetJudge(model) if card_path(model).exists() or not model.exists() else FileJudge(model)


class HeadsetJudge:
    """A .tflite file with a card, run as the headset runs it."""

    def __init__(self, model: Path) -> None:
        self._classifier = TFLiteClassifier(model)
        self.roles = tuple(output.role for output in self._classifier.card.outputs)
        self.thresholds = self._classifier.card.speaking().thresholds

    def scores(self, pixels: Gray, role: Role) -> Array:
        """Picture by picture."""
        faces = shown(pixels, "judging")
        return np.array([self._classifier.classify_by(role, face).values for face in faces], dtype=np.float32)


class KerasJudge:
    """A .keras file."""

    def __init__(self, model: Path) -> None:
        from quantize.networks import heads_of, load

        self._model = load(model)
        self.roles = tuple(head.role for head in heads_of(self._model))
        self.thresholds: Mapping[str, float | None] = {}

    def scores(self, pixels: Gray, role: Role) -> Array:
        """In batches."""
        from quantize.networks import logits

        return _of_seven(logits(self._model, pixels), role)


class FileJudge:
    """A .tflite file of any form, without a card."""

    def __init__(self, model: Path) -> None:
        self._file = FileModel(model)
        self.roles = tuple(head.role for head in HEADS["both"] if head.name in self._file.outputs)
        self.thresholds: Mapping[str, float | None] = {}

    def scores(self, pixels: Gray, role: Role) -> Array:
        """Picture by picture."""
        return _of_seven(self._file.logits(pixels), role)


def _of_seven(logits: dict[str, Array], role: Role) -> Array:
    """The softmax of the output with this role, the seven emotions divided by their sum."""
    head = next((head for head in HEADS["both"] if head.role is role and head.name in logits), HEADS["labels"][0])
    seven = softmax(logits[head.name])[:, : len(SEVEN)]
    return np.asarray(seven / seven.sum(axis=1, keepdims=True), dtype=np.float32)
