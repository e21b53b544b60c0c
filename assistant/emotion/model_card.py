"""Reads and checks the card beside a model: what the file is, what it was made from, and how well it does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.emotion.bounds import Bounds, Evidence
from assistant.emotion.joined import LEAST_TEMPERATURE, MOST_TEMPERATURE, JoinedOutput, Role, parse_joined
from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotions import EMOTIONS
from assistant.errors import ModelError, shown
from assistant.networks.cards import check_schema, entry, quantization, read_json_card
from assistant.networks.interpreter import Quantization

SCHEMA_VERSION = 1

NOT_A_FACE = "not a face"
"""The label of the crowd output for something that is not a face."""


@dataclass(frozen=True, slots=True)
class OutputCard:
    """An output of the model, with one logit for each label."""

    name: str
    labels: tuple[str, ...]
    quantization: Quantization
    role: Role
    temperature: float = 1.0
    """The logits are divided by this, so that a score is as often right as it is high."""


@dataclass(frozen=True, slots=True)
class FaceOutputCard:
    """The output of one logit that says whether the picture shows a face at all."""

    name: str
    quantization: Quantization


@dataclass(frozen=True, slots=True)
class MovementOutputCard:
    """The output with one logit for each movement of the face, in the order of `MOVEMENTS`."""

    name: str
    quantization: Quantization
    thresholds: Evidence
    """A movement may be said from this logit on; None: never."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The entries of a card that the program needs; `facts` is the whole card, whose other entries are for people."""

    sha256: str
    size_px: int
    normalisation: str
    input_quantization: Quantization
    outputs: tuple[OutputCard, ...]
    facts: Mapping[str, Any]
    face_output: FaceOutputCard | None = None
    movement_output: MovementOutputCard | None = None
    joined: JoinedOutput | None = None
    """How the outputs are joined; None for a model that was never calibrated."""

    @property
    def bounds(self) -> Bounds:
        """The evidence that each emotion needs to be said."""
        return Bounds() if self.joined is None else self.joined.bounds

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The movements that may be said: those with a threshold."""
        limits = () if self.movement_output is None else zip(MOVEMENTS, self.movement_output.thresholds, strict=True)
        return tuple(movement for movement, limit in limits if limit is not None)

    def by_role(self, role: Role) -> OutputCard:
        """Return the output with this role; a model without such an output gives its first."""
        return next((output for output in self.outputs if output.role is role), self.outputs[0])


REQUIRED_FACTS = ("name", "architecture", "training_data", "data_licence", "intended_use", "recipe", "measures")
"""A card must have these entries for people too."""


def read_card(path: Path) -> ModelCard:
    """Read and check a card; ModelError names the file and the entry that is wrong."""
    return read_json_card(path, parse_card)


def parse_card(card: Any) -> ModelCard:
    """Check the entries of a card; ModelError names the one that is wrong."""
    check_schema(card, SCHEMA_VERSION, REQUIRED_FACTS)
    source = entry(card, "input", dict)
    outputs = [_output(each) for each in entry(card, "outputs", list)]
    if not outputs or len({output.role for output in outputs}) < len(outputs):
        raise ModelError("outputs: at least one is needed, and not more than one for each role")
    return ModelCard(
        sha256=entry(card, "sha256", str),
        size_px=entry(source, "size_px", int),
        normalisation=entry(source, "normalisation", str),
        input_quantization=quantization(source),
        outputs=tuple(outputs),
        facts=card,
        face_output=_face_output(entry(card, "face_output", dict)) if "face_output" in card else None,
        movement_output=_movement_output(entry(card, "movements", dict)) if "movements" in card else None,
        joined=parse_joined(entry(card, "joined", dict)) if "joined" in card else None,
    )


def _face_output(each: Any) -> FaceOutputCard:
    return FaceOutputCard(entry(each, "name", str), quantization(each))


def _movement_output(each: Any) -> MovementOutputCard:
    if entry(each, "labels", list) != list(MOVEMENTS):
        raise ModelError(f"movements: labels: {', '.join(MOVEMENTS)} are needed, in this order")
    table = entry(each, "thresholds", dict) if "thresholds" in each else dict.fromkeys(MOVEMENTS)
    thresholds = tuple(table.get(movement, "missing") for movement in MOVEMENTS)
    for movement, value in zip(MOVEMENTS, thresholds, strict=True):
        if value is not None and not (type(value) is float and math.isfinite(value)):
            raise ModelError(f"movements: thresholds: {movement}: a number with a fraction, or null, is needed")
    return MovementOutputCard(entry(each, "name", str), quantization(each), thresholds)


def _output(each: Any) -> OutputCard:
    labels = tuple(entry(each, "labels", list))
    if not all(isinstance(label, str) for label in labels):
        raise ModelError("labels: each must be a text in quotes")
    if not set(map(str, EMOTIONS)) <= set(labels) or len(set(labels)) < len(labels):
        raise ModelError(f"labels: each of {', '.join(EMOTIONS)} is needed once, and no label twice")
    role = entry(each, "role", str)
    if role not in list(Role):
        raise ModelError(f"role: {shown(role)} is none of {', '.join(Role)}")
    calibration = entry(each, "calibration", dict) if "calibration" in each else None
    temperature = 1.0 if calibration is None else entry(calibration, "temperature", float)
    if not LEAST_TEMPERATURE <= temperature <= MOST_TEMPERATURE:
        raise ModelError(f"temperature: {temperature} is not from {LEAST_TEMPERATURE:g} to {MOST_TEMPERATURE:g}")
    return OutputCard(entry(each, "name", str), labels, quantization(each), Role(role), temperature)
