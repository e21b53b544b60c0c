"""The networks that can be trained, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.emotions import EMOTIONS
from assistant.preprocess import INPUT_SIZE_PX


def compact(classes: int = len(EMOTIONS), width: int = 32) -> Any:
    """The headset's network: a small residual network for 48x48 gray pictures, logits out.

    Basic blocks with batch normalisation after K. He et al., "Deep Residual Learning for Image Recognition",
    CVPR 2016. Its channels grow as the picture shrinks: 32 at 24x24, 64 at 12x12, 128 at 6x6 pixels.
    """
    import keras

    inputs = keras.Input((INPUT_SIZE_PX, INPUT_SIZE_PX, 1), name="face")
    x = _normalised(keras.layers.Conv2D(width // 2, 3, padding="same", use_bias=False)(inputs))
    x = keras.layers.ReLU()(x)
    for channels in (width, 2 * width, 4 * width):
        x = _block(x, channels, stride=2)
        x = _block(x, channels, stride=1)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.3)(x)
    logits = keras.layers.Dense(classes, name="emotion")(x)
    return keras.Model(inputs, logits, name="compact")


def _normalised(x: Any) -> Any:
    import keras

    return keras.layers.BatchNormalization(momentum=0.95)(x)


def _block(x: Any, channels: int, stride: int) -> Any:
    import keras

    def convolved(source: Any, size: int, step: int) -> Any:
        layer = keras.layers.Conv2D(channels, size, strides=step, padding="same", use_bias=False)
        return _normalised(layer(source))

    short = x if stride == 1 else convolved(x, 1, stride)
    y = keras.layers.ReLU()(convolved(x, 3, stride))
    y = convolved(y, 3, 1)
    return keras.layers.ReLU()(keras.layers.Add()([short, y]))


ARCHITECTURES: dict[str, Callable[[], Any]] = {"compact": compact}
