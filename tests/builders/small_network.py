"""Writes a small emotion network with the facts of a training, where what it knows does not matter."""

from __future__ import annotations

import json
from pathlib import Path


def write_small_network(path: Path) -> Path:
    """Write a network of two convolutions with random weights, and its facts beside it."""
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    source = layers.Input((48, 48, 1))
    inner = layers.Conv2D(12, 5, 4, "same", activation="relu")(source)
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(16, 1, activation="relu")(inner))
    keras.Model(source, layers.Dense(7, name="emotion")(pooled)).save(path)
    facts = {"training_pictures": 1, "recipe": {"architecture": "small", "seed": 5}}
    path.with_name(f"{path.stem}-facts.json").write_text(json.dumps(facts))
    return path
