"""One setting: a dataclass field with its unit, its bounds and an explanation for people."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 200
"""Of a setting that is a name."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a text that is handed to other programs must look like, and that in words."""

    pattern: re.Pattern[str]
    words: str

    def fits(self, text: str) -> bool:
        """Whether the whole text is so."""
        return len(text) <= LONGEST_TEXT and self.pattern.fullmatch(text) is not None


def setting(  # noqa: PLR0913 - a setting has so many sides
    default: Any,
    doc: str,
    *,
    unit: str = "",
    low: float = 0.0,
    high: float = 1.0,
    choices: tuple[str, ...] | tuple[int, ...] = (),
    form: Form | None = None,
) -> Any:
    """A field with what the settings file's reader and writer need to know of it."""
    metadata = {"doc": doc, "unit": unit, "low": low, "high": high, "choices": choices, "form": form}
    return dataclasses.field(default=default, metadata=metadata)


def allowed_values(of: dataclasses.Field[Any]) -> str:
    """What a setting may be, in words."""
    if of.metadata["choices"]:
        return " or ".join(map(str, of.metadata["choices"]))
    if isinstance(of.default, bool):
        return "true or false"
    if of.metadata["form"]:
        return str(of.metadata["form"].words)
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
    if of.metadata["form"]:
        return bool(of.metadata["form"].fits(value))
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and value.isprintable()
    return bool(of.metadata["low"] <= value <= of.metadata["high"])
