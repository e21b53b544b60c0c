"""Reads what the cards of all networks have in common: JSON beside the model's file, checked entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from assistant.documents import read_json
from assistant.errors import ModelError, shown
from assistant.networks.interpreter import Quantization

Card = TypeVar("Card")

KINDS = {
    int: "a whole number",
    float: "a number with a fraction",
    str: "a text in quotes",
    list: "a list in square brackets",
    dict: "a table in curly brackets",
}
"""The types of entries, in words."""

WHICH_MODELS = (
    "the headset takes int8 .tflite files with a card beside them, and `quantize convert FILE.keras` makes both from a "
    "network that `quantize train` trained (for a finder `quantize finder publish`)"
)


def card_path(model: Path) -> Path:
    """Return the path of a model's card: beside the model, with the ending .json."""
    return model.with_suffix(".json")


def read_json_card(path: Path, parse: Callable[[Any], Card]) -> Card:
    """Read and check a card; ModelError names the file and the entry that is wrong."""
    if not path.exists():
        raise ModelError(f"{path}: the model's card is missing; {WHICH_MODELS}")
    card = read_json(path, ModelError)
    if not isinstance(card, Mapping) or "schema" not in card:
        raise ModelError(f"{path}: schema: is missing, so this is not the card of a model; {WHICH_MODELS}")
    try:
        return parse(card)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def check_schema(card: Any, version: int, facts: tuple[str, ...]) -> None:
    """Raise ModelError where the card has another schema, or lacks one of these facts for people."""
    if entry(card, "schema", int) != version:
        raise ModelError(f"schema: {shown(card['schema'])} is not {version}, the one that this program knows")
    missing = [key for key in facts if key not in card]
    if missing:
        raise ModelError(f"{missing[0]}: is missing")


def entry(table: Any, key: str, kind: type[Any]) -> Any:
    """Return an entry of a table; ModelError where it is missing, or of another type."""
    if not isinstance(table, Mapping) or key not in table:
        raise ModelError(f"{key}: is missing")
    value = table[key]
    if type(value) is not kind:
        raise ModelError(f"{key}: {shown(value)} is not {KINDS[kind]}")
    return value


def quantization(table: Mapping[str, Any]) -> Quantization:
    """Return the entries `scale` and `zero_point` of a table; ModelError where one is wrong."""
    scale = entry(table, "scale", float)
    if not 0 < scale < math.inf:
        raise ModelError(f"scale: {scale} is not a number above 0")
    return Quantization(scale, entry(table, "zero_point", int))
