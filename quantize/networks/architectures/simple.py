"""The four-layer network of many tutorials, to compare with."""

from __future__ import annotations

from typing import Any

from quantize.networks.architectures.blocks import ALONE, Heads, classified, face_input


def simple(heads: Heads = ALONE) -> Any:
    """Build the four-layer network of the tutorials, as in github.com/atulapra/Emotion-detection (2018)."""
    import keras

    layers = keras.layers
    inputs = x = face_input()
    for channels in (32, 64):
        x = layers.Conv2D(channels, 3, activation="relu")(x)
    x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    for channels in (128, 128):
        x = layers.MaxPooling2D(2)(layers.Conv2D(channels, 3, activation="relu")(x))
    x = layers.Dropout(0.25)(x)
    x = layers.Dense(1024, activation="relu")(layers.Flatten()(x))
    return classified(inputs, x, heads, dropout=0.5, name="simple")
