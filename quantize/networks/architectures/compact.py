"""The headset's networks: small residual networks."""

from __future__ import annotations

from typing import Any

from quantize.networks.architectures.blocks import ALONE, Heads, classified, face_input, normalised, residual_block


def compact(heads: Heads = ALONE, *, width: int = 32) -> Any:
    """Build the headset's network: a small residual network.

    Basic blocks with batch normalisation are after K. He et al., "Deep Residual Learning for Image Recognition",
    CVPR 2016. The channels grow as the picture shrinks: 32 at 24x24, 64 at 12x12, 128 at 6x6 pixels.
    """
    import keras

    inputs = face_input()
    x = normalised(keras.layers.Conv2D(width // 2, 3, padding="same", use_bias=False)(inputs))
    x = keras.layers.ReLU()(x)
    for channels in (width, 2 * width, 4 * width):
        x = residual_block(x, channels, stride=2)
        x = residual_block(x, channels, stride=1)
    return classified(inputs, keras.layers.GlobalAveragePooling2D()(x), heads, dropout=0.3, name="compact")


def compact_se(heads: Heads = ALONE) -> Any:
    """Build a variant of `compact` that is deeper where the picture is small, and whose blocks weigh their channels.

    It takes as many multiply-adds as `compact`: one block at 24x24, two at 12x12, three at 6x6 pixels.
    Squeeze-and-excitation is after J. Hu et al., "Squeeze-and-Excitation Networks", CVPR 2018.
    """
    import keras

    inputs = face_input()
    x = keras.layers.ReLU()(normalised(keras.layers.Conv2D(16, 3, padding="same", use_bias=False)(inputs)))
    for channels, blocks in ((32, 1), (72, 2), (120, 3)):
        for block in range(blocks):
            x = residual_block(x, channels, stride=1 if block else 2, squeeze=8)
    return classified(inputs, keras.layers.GlobalAveragePooling2D()(x), heads, dropout=0.3, name="compact-se")
