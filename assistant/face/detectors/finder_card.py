"""The card beside the finder's file: what the file is, and from which scores on a face counts.

It is JSON with these entries:

| entry | what it is |
| --- | --- |
| `schema` | 1 |
| `sha256` | of the .tflite file, 64 hexadecimal digits |
| `input` | `name`, `height_px`, `width_px` (of a whole frame), `normalisation`, `scale`, `zero_point` |
| `outputs` | a list with `name`, `scale` and `zero_point` of each of `score_8`, `shape_8`, `score_16`, ... |
| `thresholds` | `alone` and `near`: see `finder.Thresholds` |
| each of `REQUIRED_FACTS` | facts for people, of any form |

Scales and thresholds are numbers with a fraction, zero points and lengths whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.face.detectors.finder import Thresholds
from assistant.face.detectors.finder_output import LEVELS
from assistant.networks.cards import check_schema, entry, quantization, read_json_card
from assistant.networks.interpreter import Quantization

SCHEMA_VERSION = 1

REQUIRED_FACTS = ("name", "architecture", "training_data", "data_licence", "intended_use", "recipe", "measures")
"""A card must have these entries for people too."""

OUTPUTS = tuple(f"{kind}_{level}" for level in LEVELS for kind in ("score", "shape"))


@dataclass(frozen=True, slots=True)
class FinderCard:
    """The entries of a card that the program needs; `facts` is the whole card, whose other entries are for people."""

    sha256: str
    input_name: str
    height_px: int
    width_px: int
    normalisation: str
    input_quantization: Quantization
    outputs: Mapping[str, Quantization]
    thresholds: Thresholds
    facts: Mapping[str, Any]


def read_finder_card(path: Path) -> FinderCard:
    """Read and check a card; ModelError names the file and the entry that is wrong."""
    return read_json_card(path, parse_finder_card)


def parse_finder_card(card: Any) -> FinderCard:
    """Check the entries of a card; ModelError names the one that is wrong."""
    check_schema(card, SCHEMA_VERSION, REQUIRED_FACTS)
    source = entry(card, "input", dict)
    outputs = {entry(each, "name", str): quantization(each) for each in entry(card, "outputs", list)}
    if set(outputs) != set(OUTPUTS):
        raise ModelError(f"outputs: each of {', '.join(OUTPUTS)} is needed, once")
    thresholds = entry(card, "thresholds", dict)
    height_px, width_px = (entry(source, side, int) for side in ("height_px", "width_px"))
    if min(height_px, width_px) < LEVELS[-1] or height_px % LEVELS[-1] or width_px % LEVELS[-1]:
        raise ModelError(f"input: {height_px}x{width_px} pixels are not multiples of {LEVELS[-1]}")
    return FinderCard(
        sha256=entry(card, "sha256", str),
        input_name=entry(source, "name", str),
        height_px=height_px,
        width_px=width_px,
        normalisation=entry(source, "normalisation", str),
        input_quantization=quantization(source),
        outputs=outputs,
        thresholds=Thresholds(*(_score(thresholds, name) for name in ("alone", "near"))),
        facts=card,
    )


def _score(table: Mapping[str, Any], key: str) -> float:
    value = entry(table, key, float)
    if not (math.isfinite(value) and 0 < value < 1):
        raise ModelError(f"thresholds: {key}: a number between 0 and 1 is needed")
    return float(value)
