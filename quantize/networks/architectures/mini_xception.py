"""Mini-Xception, a network of separable convolutions with 58 thousand parameters."""

from __future__ import annotations

from typing import Any

from quantize.networks.architectures.blocks import ALONE, Heads, face_input, normalised, outputs_of
from quantize.networks.outputs import Head


def mini_xception(heads: Heads = ALONE) -> Any:
    """Build Mini-Xception: separable convolutions with short cuts, 58 thousand parameters.

    O. Arriaga et al., "Real-time Convolutional Neural Networks for Emotion and Gender Classification",
    arXiv:1710.07557, 2017. The optimizer's weight decay takes the place of the paper's weight penalty.
    """
    import keras

    layers = keras.layers
    inputs = x = face_input()
    for _ in range(2):
        x = layers.ReLU()(normalised(layers.Conv2D(8, 3, use_bias=False)(x)))
    for channels in (16, 32, 64, 128):
        # A pooling layer takes every second pixel, not the stride of the convolution: with 8 channels and batches of
        # odd size the oneDNN kernels of TensorFlow 2.21 would write beyond their memory.
        short = normalised(layers.Conv2D(channels, 1, use_bias=False)(layers.MaxPooling2D(1, strides=2)(x)))
        x = normalised(layers.SeparableConv2D(channels, 3, padding="same", use_bias=False)(x))
        x = layers.ReLU()(x)
        x = normalised(layers.SeparableConv2D(channels, 3, padding="same", use_bias=False)(x))
        x = layers.Add()([layers.MaxPooling2D(3, strides=2, padding="same")(x), short])

    def logits(head: Head) -> Any:
        return layers.GlobalAveragePooling2D(name=head.name)(layers.Conv2D(len(head.labels), 3, padding="same")(x))

    return keras.Model(inputs, outputs_of(heads, logits), name="mini-xception")
