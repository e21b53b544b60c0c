"""The output of an emotion network for the movements of a face: one logit for each."""

from __future__ import annotations

from typing import Any

from assistant.emotion.movements import MOVEMENTS
from quantize.networks.added_outputs import small_output

MOVEMENT_OUTPUT = "movements"
"""The name of the output."""

WIDTHS = (24, 16)
"""The widths of the output's layers: its channels, and its hidden units."""


def movement_layers(features: Any) -> Any:
    """Return the logits of the movements from features [batch, height, width, channels]."""
    return small_output(features, "moves", WIDTHS, len(MOVEMENTS), "moves")
