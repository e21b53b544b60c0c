"""The finder's network: depthwise blocks, a small pyramid of features, and an answer at three scales.

Blocks after A. Howard et al., "MobileNets", 2017; the pyramid after T.-Y. Lin et al., "Feature Pyramid Networks", CVPR
2017, but where the coarse features are enlarged, four channels become four pixels (W. Shi et al., CVPR 2016): this step
takes pictures of any size, so that the headset can look at a whole frame and at a small part with one file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
from keras import layers, ops

from assistant.face.detectors.finder_output import LEVELS

FIRST_LOGIT = -4.0
"""What each cell says before it has learned: one in fifty has a face. So the many without do not drown the rest."""


@dataclass(frozen=True, slots=True)
class Widths:
    """How many channels each part has."""

    stem: int = 16
    quarter: int = 32
    eighth: int = 64
    sixteenth: int = 96
    thirty_second: int = 112
    neck: int = 64


@keras.saving.register_keras_serializable(package="quantize")
class DepthToSpace(layers.Layer):  # type: ignore[misc]  # Keras ships no types
    """Four channels become a square of four pixels: [N, h, w, 4 c] to [N, 2 h, 2 w, c]."""

    def call(self, inputs: Any) -> Any:
        """Rearrange; on TensorFlow by its own operation, which TFLite knows for pictures of any size."""
        if keras.backend.backend() == "tensorflow":
            import tensorflow

            return tensorflow.nn.depth_to_space(inputs, 2)
        _, height, width, channels = inputs.shape
        split = ops.reshape(inputs, (-1, height, width, 2, 2, channels // 4))
        return ops.reshape(ops.transpose(split, (0, 1, 3, 2, 4, 5)), (-1, 2 * height, 2 * width, channels // 4))


def finder_network(height: int, width: int, widths: Widths = Widths()) -> Any:
    """The network for gray pictures [N, height, width, 1] of -1 to 1, both sides multiples of 32.

    Its outputs are named `score_8`, `shape_8` and so on: a logit and fourteen numbers for each of its cells.
    """
    picture = keras.Input((height, width, 1), name="picture")
    x = _activated(layers.Conv2D(widths.stem, 3, 2, "same", use_bias=False, name="stem")(picture), "stem")
    x = _block(x, widths.quarter, "quarter_1", stride=2)
    x = _block(x, widths.quarter, "quarter_2")
    eighth = _stage(x, widths.eighth, "eighth", blocks=3, size=3)
    sixteenth = _stage(eighth, widths.sixteenth, "sixteenth", blocks=3, size=5)
    thirty_second = _stage(sixteenth, widths.thirty_second, "thirty_second", blocks=3, size=5)
    outputs: dict[str, Any] = {}
    finer = None
    for level, features in zip(reversed(LEVELS), (thirty_second, sixteenth, eighth), strict=True):
        name = f"neck_{level}"
        here = _pointwise(features, widths.neck, name)
        if finer is not None:
            enlarged = _pointwise(finer, 4 * widths.neck, f"{name}_up")
            here = layers.Add(name=f"{name}_join")([here, DepthToSpace(name=f"{name}_enlarged")(enlarged)])
        finer = _block(here, widths.neck, f"{name}_block")
        asked = _block(finer, widths.neck, f"head_{level}")
        outputs[f"score_{level}"] = layers.Conv2D(
            1, 1, name=f"score_{level}", bias_initializer=keras.initializers.Constant(FIRST_LOGIT), dtype="float32"
        )(asked)
        outputs[f"shape_{level}"] = layers.Conv2D(14, 1, name=f"shape_{level}", dtype="float32")(asked)
    return keras.Model(picture, outputs, name="finder")


def _stage(x: Any, channels: int, name: str, *, blocks: int, size: int) -> Any:
    x = _block(x, channels, f"{name}_1", stride=2, size=size)
    for number in range(2, blocks + 1):
        x = _block(x, channels, f"{name}_{number}", size=size)
    return x


def _block(x: Any, channels: int, name: str, *, stride: int = 1, size: int = 3) -> Any:
    """A convolution of each channel by itself, then one of all channels at each pixel; a way around where it fits."""
    inner = layers.DepthwiseConv2D(size, stride, "same", use_bias=False, name=f"{name}_depthwise")(x)
    inner = _activated(inner, f"{name}_depthwise")
    if stride == 1 and x.shape[-1] == channels:
        outer = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_pointwise")(inner)
        outer = layers.BatchNormalization(momentum=0.97, name=f"{name}_pointwise_norm")(outer)
        return layers.ReLU(6.0, name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, outer]))
    return _pointwise(inner, channels, f"{name}_pointwise")


def _pointwise(x: Any, channels: int, name: str) -> Any:
    return _activated(layers.Conv2D(channels, 1, use_bias=False, name=name)(x), name)


def _activated(x: Any, name: str) -> Any:
    return layers.ReLU(6.0, name=f"{name}_relu")(layers.BatchNormalization(momentum=0.97, name=f"{name}_norm")(x))
