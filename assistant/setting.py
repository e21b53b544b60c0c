"""One setting: a dataclass field with its unit, its bounds and an explanation for people."""

from __future__ import annotations

import dataclasses
from typing import Any

LONGEST_TEXT = 200
"""Of a setting that is a name."""


def setting(  # noqa: PLR0913 - a setting has so many sides
    default: Any,
    doc: str,
    *,
    unit: str = "",
    low: float = 0.0,
    high: float = 1.0,
    choices: tuple[str, ...] = (),
) -> Any:
    """A field with what the settings file's reader and writer need to know of it."""
    metadata = {"doc": doc, "unit": unit, "low": low, "high": high, "choices": choices}
    return dataclasses.field(default=default, metadata=metadata)


def allowed_values(of: dataclasses.Field[Any]) -> str:
    """What a setting may be, in words."""
    if of.metadata["choices"]:
        return " or ".join(of.metadata["choices"])
    if isinstance(of.default, bool):
        return "true or false"
    if isinstance(of.default, str):
        return f"text of at most {LONGEST_TEXT} characters"
    kind = "a whole number" if isinstance(of.default, int) else "a number"
    unit = f" {of.metadata['unit']}" if of.metadata["unit"] else ""
    return f"{kind} from {of.metadata['low']:g} to {of.metadata['high']:g}{unit}"


def is_allowed(value: Any, of: dataclasses.Field[Any]) -> bool:
    """Whether a value of the field's own type lies within its bounds."""
    if of.metadata["choices"]:
        return value in of.metadata["choices"]
    if isinstance(value, bool):
        return True
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and value.isprintable()
    return bool(of.metadata["low"] <= value <= of.metadata["high"])
