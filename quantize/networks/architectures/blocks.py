"""What several networks are built of: the input, batch normalisation, residual blocks, the outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.emotion.preprocess import INPUT_SIZE_PX
from quantize.networks.outputs import HEADS, Head

Heads = Sequence[Head]
ALONE: Heads = HEADS["labels"]
Weights = Path | str | None
"""Weights of the trunk, trained on ImageNet: a file, `imagenet` to have them fetched, or none."""


def face_input() -> Any:
    """Return the input of every network: gray faces [N, 48, 48, 1], prepared by `preprocess`."""
    import keras

    return keras.Input((INPUT_SIZE_PX, INPUT_SIZE_PX, 1), name="face")


def normalised(x: Any, name: str | None = None) -> Any:
    """Apply batch normalisation, with averages that follow within an epoch even on a small data set."""
    import keras

    return keras.layers.BatchNormalization(momentum=0.95, name=name)(x)


def classified(inputs: Any, features: Any, heads: Heads, *, dropout: float, name: str) -> Any:
    """Return the model that computes logits from `features`, by dropout and a dense layer for each head."""
    import keras

    kept = keras.layers.Dropout(dropout)(features)
    return keras.Model(
        inputs, outputs_of(heads, lambda head: keras.layers.Dense(len(head.labels), name=head.name)(kept)), name=name
    )


def outputs_of(heads: Heads, logits: Callable[[Head], Any]) -> Any:
    """Return the outputs of a network: a tensor for one head, a dictionary by name for several."""
    return logits(heads[0]) if len(heads) == 1 else {head.name: logits(head) for head in heads}


def residual_block(x: Any, channels: int, stride: int, *, squeeze: int | None = None) -> Any:
    """Apply a basic residual block; with `squeeze`, a network that many times narrower weighs its channels."""
    import keras

    def convolved(source: Any, size: int, step: int) -> Any:
        layer = keras.layers.Conv2D(channels, size, strides=step, padding="same", use_bias=False)
        return normalised(layer(source))

    short = x if stride == 1 else convolved(x, 1, stride)
    y = keras.layers.ReLU()(convolved(x, 3, stride))
    y = convolved(y, 3, 1)
    if squeeze is not None:
        y = keras.layers.Multiply()([y, _channel_weights(y, channels, channels // squeeze)])
    return keras.layers.ReLU()(keras.layers.Add()([short, y]))


def _channel_weights(x: Any, channels: int, narrow: int) -> Any:
    import keras

    means = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    squeezed = keras.layers.Conv2D(narrow, 1, activation="relu")(means)
    return keras.layers.Conv2D(channels, 1, activation="sigmoid")(squeezed)
