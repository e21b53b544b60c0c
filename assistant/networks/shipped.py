"""Finds the networks that come with the program."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

MODEL = "emotion-int8.tflite"
FINDER = "face-int8.tflite"


def shipped_model() -> Path:
    """Return the path of the emotion network."""
    return _shipped(MODEL)


def shipped_finder() -> Path:
    """Return the path of the learned finder's network."""
    return _shipped(FINDER)


def _shipped(name: str) -> Path:
    """Return the path in the installed package, or in the checkout with this file; the file may be missing."""
    packaged = Path(str(resources.files("assistant"))) / "models"
    return (packaged if packaged.is_dir() else Path(__file__).parents[2] / "models") / name
