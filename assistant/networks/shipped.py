"""Where the networks are that come with the program."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

MODEL = "emotion-int8.tflite"
FINDER = "face-int8.tflite"


def shipped_model() -> Path:
    """The emotion network."""
    return _shipped(MODEL)


def shipped_finder() -> Path:
    """The learned finder of faces."""
    return _shipped(FINDER)


def _shipped(name: str) -> Path:
    """The file inside the installed package, or in the checkout that this file stands in; it may be missing."""
    packaged = Path(str(resources.files("assistant"))) / "models"
    return (packaged if packaged.is_dir() else Path(__file__).parents[2] / "models") / name
