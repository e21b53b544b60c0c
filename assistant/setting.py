"""A setting: a dataclass field with its unit, its bounds and an explanation for people."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 200
"""A setting that is a text has at most this many characters."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form that a text must have, as a pattern and in words; the text is handed to other programs."""

    pattern: re.Pattern[str]
    words: str

    def fits(self, text: str) -> bool:
        """Return whether the whole text matches."""
        return len(text) <= LONGEST_TEXT and self.pattern.fullmatch(text) is not None


def setting(  # noqa: PLR0913 - a setting has these properties
    default: Any,
    doc: str,
    *,
    unit: str = "",
    low: float = 0.0,
    high: float = 1.0,
    choices: tuple[str, ...] | tuple[int, ...] = (),
    form: Form | None = None,
    private: bool = False,
) -> Any:
    """Return a field with what the reader and the writer of the settings file need; `doc` is the explanation.

    A `private` setting may hold a secret or a name, so `assistant report` does not show its value.
    """
    metadata = {
        "doc": doc,
        "unit": unit,
        "low": low,
        "high": high,
        "choices": choices,
        "form": form,
        "private": private,
    }
    return dataclasses.field(default=default, metadata=metadata)


def allowed_values(of: dataclasses.Field[Any]) -> str:
    """Return the allowed values of a setting, in words."""
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
    """Return whether a value of the field's type is allowed."""
    if of.metadata["choices"]:
        return value in of.metadata["choices"]
    if isinstance(value, bool):
        return True
    if of.metadata["form"]:
        return bool(of.metadata["form"].fits(value))
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and value.isprintable()
    return bool(of.metadata["low"] <= value <= of.metadata["high"])
