"""Movements of the face: what is seen of an expression, and not what it may mean."""

from __future__ import annotations

from enum import StrEnum


class Movement(StrEnum):
    """A movement that the network has an output for."""

    SMILE = "smile"
    """The corners of the mouth are drawn up and apart."""
    FROWN = "frown"
    """The brows are drawn down."""
    BROWS_RAISED = "brows_raised"
    MOUTH_OPEN = "mouth_open"


MOVEMENTS = tuple(Movement)

MovementEvidence = tuple[float, ...]
"""How sure it is that a face shows each movement, in the order of `MOVEMENTS`.

It is the movement's log odds less the threshold in the model's card. From 0 on the movement may be said.
"""
