"""The finder's network: depthwise blocks, a small pyramid of features, and an answer at three scales.

Blocks are after A. Howard et al., "MobileNets", 2017, the pyramid after T.-Y. Lin et al., "Feature Pyramid Networks",
CVPR 2017. Coarse features are enlarged by `DepthToSpace`, which takes pictures of any size, so that the headset can use
one file for whole frames and for small parts of frames.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from assistant.face.detectors.finder_output import LEVELS
from quantize.networks.depth_to_space import DepthToSpace

STEM, QUARTER, EIGHTH, SIXTEENTH, THIRTY_SECOND, NECK = 16, 32, 64, 96, 112, 64
"""The channels of each part, by the scale of its features."""

FIRST_LOGIT = -4.0
"""The logit of each cell before training: one cell in fifty has a face. So the many cells without do not dominate."""


def finder_network(height: int, width: int) -> Any:
    """Build the network for gray pictures [N, height, width, 1] of -1 to 1; both sides are multiples of 32.

    Its outputs are named `score_8`, `shape_8` and so on: a logit and fourteen numbers for each cell of the scale.
    """
    picture = keras.Input((height, width, 1), name="picture")
    x = _activated(layers.Conv2D(STEM, 3, 2, "same", use_bias=False, name="stem")(picture), "stem")
    x = _block(x, QUARTER, "quarter_1", stride=2)
    x = _block(x, QUARTER, "quarter_2")
    eighth = _stage(x, EIGHTH, "eighth", blocks=3, size=3)
    sixteenth = _stage(eighth, SIXTEENTH, "sixteenth", blocks=3, size=5)
    thirty_second = _stage(sixteenth, THIRTY_SECOND, "thirty_second", blocks=3, size=5)
    outputs: dict[str, Any] = {}
    finer = None
    for level, features in zip(reversed(LEVELS), (thirty_second, sixteenth, eighth), strict=True):
        name = f"neck_{level}"
        here = _pointwise(features, NECK, name)
        if finer is not None:
            enlarged = _pointwise(finer, 4 * NECK, f"{name}_up")
            here = layers.Add(name=f"{name}_join")([here, DepthToSpace(name=f"{name}_enlarged")(enlarged)])
        finer = _block(here, NECK, f"{name}_block")
        answer = _block(finer, NECK, f"head_{level}")
        outputs[f"score_{level}"] = layers.Conv2D(
            1, 1, name=f"score_{level}", bias_initializer=keras.initializers.Constant(FIRST_LOGIT), dtype="float32"
        )(answer)
        outputs[f"shape_{level}"] = layers.Conv2D(14, 1, name=f"shape_{level}", dtype="float32")(answer)
    return keras.Model(picture, outputs, name="finder")


def _stage(x: Any, channels: int, name: str, *, blocks: int, size: int) -> Any:
    x = _block(x, channels, f"{name}_1", stride=2, size=size)
    for number in range(2, blocks + 1):
        x = _block(x, channels, f"{name}_{number}", size=size)
    return x


def _block(x: Any, channels: int, name: str, *, stride: int = 1, size: int = 3) -> Any:
    """Apply a depthwise and a pointwise convolution; add the input where it has the shape of the output."""
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
