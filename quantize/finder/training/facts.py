"""Writes and reads the facts of a finder's trainings, which stand in a file beside the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.training.facts import facts_path


def write_facts(keras_model: Path, facts: dict[str, Any]) -> None:
    """Write the facts beside the network."""
    with replaced_atomically(facts_path(keras_model)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def read_facts(keras_model: Path) -> dict[str, Any]:
    """Read the facts beside the network; facts that are missing or damaged raise DataError."""
    path = facts_path(keras_model)
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        facts["architecture"], facts["training_data"], facts["trainings"][0]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, IndexError) as error:
        raise DataError(f"{path}: the facts that training writes beside the finder cannot be read: {error}") from error
    return facts
