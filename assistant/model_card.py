"""The card beside a model: what the file is, what it was made from, how well it does. Read and checked here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.emotions import EMOTIONS
from assistant.errors import ModelError

SCHEMA_VERSION = 1

NOT_A_FACE = "not a face"
"""The crowd output's label for what is none."""


class Role(StrEnum):
    """Whose opinion an output was trained on."""

    CROWD = "crowd"
    """FER+'s ten taggers; the headset speaks from it where there is one."""
    LABELS = "labels"
    """FER-2013's own labels."""


@dataclass(frozen=True, slots=True)
class Quantization:
    """real = scale * (stored - zero_point)."""

    scale: float
    zero_point: int


@dataclass(frozen=True, slots=True)
class OutputCard:
    """One head of the model: logits, one a label."""

    name: str
    labels: tuple[str, ...]
    quantization: Quantization
    role: Role
    temperature: float = 1.0
    """What the logits are divided by, so that scores are as often right as they are high."""
    thresholds: Mapping[str, float | None] = dataclasses.field(default_factory=dict)
    """From which score on an emotion may be named plainly; None: never. Empty where it was not calibrated."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the program needs of a card; the rest of the file is for people and stays in `facts`."""

    sha256: str
    size_px: int
    normalisation: str
    input_quantization: Quantization
    outputs: tuple[OutputCard, ...]
    facts: Mapping[str, Any]

    def speaking(self) -> OutputCard:
        """The output that the headset speaks from: the crowd's, or else the labels'."""
        return min(self.outputs, key=lambda output: list(Role).index(output.role))


REQUIRED_FACTS = ("name", "architecture", "training_data", "data_licence", "intended_use", "recipe", "measures")
"""Keys for people that a card must have too."""


def card_path(model: Path) -> Path:
    """Where the card of a model stands: beside it, with the ending .json."""
    return model.with_suffix(".json")


def read_card(path: Path) -> ModelCard:
    """Read and check a card; ModelError names the file and the entry that is wrong."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path}: the model's card is missing; it stands beside the model") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(f"{path}: the model's card cannot be read: {error}") from error
    try:
        return parse_card(card)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def parse_card(card: Any) -> ModelCard:
    """Check the entries of a card; ModelError names the one that is wrong."""
    if _entry(card, "schema", int) != SCHEMA_VERSION:
        raise ModelError(f"schema: {card['schema']} is not {SCHEMA_VERSION}, the one that this program knows")
    missing = [key for key in REQUIRED_FACTS if key not in card]
    if missing:
        raise ModelError(f"{missing[0]}: is missing")
    source = _entry(card, "input", dict)
    outputs = [_output(entry) for entry in _entry(card, "outputs", list)]
    if not outputs or len({output.role for output in outputs}) < len(outputs):
        raise ModelError("outputs: one for each role is needed, and at least one")
    return ModelCard(
        sha256=_entry(card, "sha256", str),
        size_px=_entry(source, "size_px", int),
        normalisation=_entry(source, "normalisation", str),
        input_quantization=_quantization(source),
        outputs=tuple(outputs),
        facts=card,
    )


def _output(entry: Any) -> OutputCard:
    labels = tuple(_entry(entry, "labels", list))
    if not set(map(str, EMOTIONS)) <= set(labels) or len(set(labels)) < len(labels):
        raise ModelError(f"labels: each of {', '.join(EMOTIONS)} is needed, once")
    role = _entry(entry, "role", str)
    if role not in list(Role):
        raise ModelError(f"role: {role!r} is none of {', '.join(Role)}")
    calibration = _entry(entry, "calibration", dict) if "calibration" in entry else None
    temperature = 1.0 if calibration is None else _entry(calibration, "temperature", float)
    if not temperature > 0:
        raise ModelError(f"temperature: {temperature} is not above 0")
    thresholds = {} if calibration is None else _thresholds(calibration)
    return OutputCard(_entry(entry, "name", str), labels, _quantization(entry), Role(role), temperature, thresholds)


def _thresholds(calibration: Mapping[str, Any]) -> dict[str, float | None]:
    table = _entry(calibration, "thresholds", dict)
    for emotion in EMOTIONS:
        limit = table.get(str(emotion), 0)
        if limit is not None and not (type(limit) is float and 0 <= limit <= 1):
            raise ModelError(f"thresholds: {emotion}: a number from 0 to 1, or null, is needed")
    return {str(emotion): table[str(emotion)] for emotion in EMOTIONS}


def _quantization(entry: Mapping[str, Any]) -> Quantization:
    scale = _entry(entry, "scale", float)
    if not scale > 0:
        raise ModelError(f"scale: {scale} is not above 0")
    return Quantization(scale, _entry(entry, "zero_point", int))


def _entry(table: Any, key: str, kind: type[Any]) -> Any:
    if not isinstance(table, Mapping) or key not in table:
        raise ModelError(f"{key}: is missing")
    value = table[key]
    if type(value) is not kind:
        raise ModelError(f"{key}: {value!r} is no {kind.__name__}")
    return value
