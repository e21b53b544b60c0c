"""Makes command line options from settings: one for each field of a dataclass, with its explanation and bounds."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from typing import Any

from assistant.setting import allowed_values, is_allowed


def add_settings(parser: Any, kind: type[Any]) -> None:
    """Add an option to a parser or group for each field of `kind` that was made by `setting`."""
    for field in _settings(kind):
        if isinstance(field.default, bool):
            parser.add_argument(_option(field), action="store_true", help=field.metadata["doc"])
            continue
        unit = f", {field.metadata['unit']}" if field.metadata["unit"] else ""
        shape: dict[str, Any] = (
            {"choices": field.metadata["choices"]}
            if field.metadata["choices"]
            else {"metavar": "N", "type": _reader(field)}
        )
        text = f"{field.metadata['doc']}{unit} (default: %(default)s)"
        parser.add_argument(_option(field), default=field.default, help=text, **shape)


def chosen_settings(arguments: argparse.Namespace, kind: type[Any]) -> dict[str, Any]:
    """Return the values of these options by the field's name."""
    return {field.name: getattr(arguments, field.name) for field in _settings(kind)}


def _settings(kind: type[Any]) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(kind) if "doc" in field.metadata]


def _option(field: dataclasses.Field[Any]) -> str:
    return "--" + field.name.replace("_", "-")


def _reader(field: dataclasses.Field[Any]) -> Callable[[str], float]:
    """Return a function that reads a number of the field's own type, within its bounds."""

    def read(text: str) -> float:
        kind = int if isinstance(field.default, int) else float
        try:
            value: float = kind(text)
        except ValueError:
            value = float("nan")
        if not is_allowed(value, field):
            raise argparse.ArgumentTypeError(f"{text!r}: give {allowed_values(field)}")
        return value

    return read
