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
"""How sure it is that a face shows each movement, in the order of `MOVEMENTS`: log odds, less those from which on it
may be said. From 0 on it may be said."""
