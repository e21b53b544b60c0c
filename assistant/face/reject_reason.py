"""Why a face is not classified."""

from __future__ import annotations

from enum import StrEnum


class RejectReason(StrEnum):
    """Why a face is not classified."""

    TOO_SMALL = "too small"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TOO_FLAT = "too little contrast"
    BLURRED = "blurred"
    TURNED_AWAY = "turned away"
    NOT_A_FACE = "not a face"
