"""Models and settings files for the headset, good and damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.networks.cards import card_path
from assistant.networks.shipped import shipped_model


def truncated_model(folder: Path) -> Path:
    """Write the first part of the shipped model, with the whole card."""
    model = folder / "model.tflite"
    model.write_bytes(shipped_model().read_bytes()[:100_000])
    shutil.copy(card_path(shipped_model()), card_path(model))
    return model


def empty_model(folder: Path) -> Path:
    """Write a model file without any bytes, with a card."""
    model = truncated_model(folder)
    model.write_bytes(b"")
    return model


def settings_file(folder: Path, text: str) -> Path:
    """Write a settings file with this text."""
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file
