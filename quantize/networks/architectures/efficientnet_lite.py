"""EfficientNet-Lite0, or its first stages, for faces: MobileNetV2's blocks, which lose little accuracy as int8.

M. Tan and Q. Le, "EfficientNet", ICML 2019; the Lite variant leaves out squeeze-and-excitation and uses ReLU6
(github.com/tensorflow/tpu, models/official/efficientnet/lite, 2020).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents import read_bytes
from assistant.emotion.preprocess import FloatArray
from assistant.errors import DataError
from quantize.networks.architectures.blocks import ALONE, Heads, Weights, classified, face_input, normalised


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Inverted bottlenecks that follow each other; only the first has the stride."""

    count: int
    kernel: int
    stride: int
    expand: int
    channels: int


STAGES = (
    _Blocks(1, 3, 1, 1, 16),
    _Blocks(2, 3, 2, 6, 24),
    _Blocks(2, 5, 2, 6, 40),
    _Blocks(3, 3, 2, 6, 80),
    _Blocks(3, 5, 1, 6, 112),
    _Blocks(4, 5, 2, 6, 192),
    _Blocks(1, 3, 1, 6, 320),
)
"""The seven stages of EfficientNet-Lite0; the last two hold three quarters of its weights."""

HEAD_CHANNELS = 1280
LARGEST_BYTES = 1 << 28
"""The largest file of weights that is read; all of Lite0 takes 19 megabytes."""


def lite(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """Build the first eleven blocks of EfficientNet-Lite0, which see a face of 48x48 pixels as if enlarged twice."""
    return _network("lite", 5, (320, "head"), heads, weights)


def efficientnet_lite0(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """Build all sixteen blocks of EfficientNet-Lite0, with the layer above them; the file is too large for the headset.

    The stem is that of `lite`.
    """
    return _network("efficientnet-lite0", len(STAGES), (HEAD_CHANNELS, "top"), heads, weights)


def _network(name: str, stages: int, last: tuple[int, str], heads: Heads, weights: Weights) -> Any:
    import keras

    inputs = face_input()
    channels, layer = last
    x = keras.layers.Conv2D(channels, 1, use_bias=False, name=f"{layer}_conv")(_trunk(inputs, stages))
    x = keras.layers.ReLU(6.0)(normalised(x, f"{layer}_bn"))
    model = classified(inputs, keras.layers.GlobalAveragePooling2D()(x), heads, dropout=0.3, name=name)
    if weights:
        read_weights(model, Path(weights))
    return model


def _trunk(faces: Any, stages: int) -> Any:
    """Return features of gray faces [N, 48, 48, 1]; the layers have the names that `read_weights` expects.

    The features are [N, 6, 6, 112] after five stages, [N, 3, 3, 320] after all seven.
    """
    import keras

    layers = keras.layers
    x = layers.Conv2D(32, 3, padding="same", use_bias=False, name="stem_conv")(faces)
    x = layers.ReLU(6.0)(normalised(x, "stem_bn"))
    number, before = 0, 32
    for stage in STAGES[:stages]:
        for repeat in range(stage.count):
            x = _block(x, f"block{number}", stage, before, 1 if repeat else stage.stride)
            number, before = number + 1, stage.channels
    return x


def _block(x: Any, name: str, stage: _Blocks, before: int, stride: int) -> Any:
    import keras

    layers = keras.layers
    y = x
    if stage.expand > 1:
        y = layers.Conv2D(before * stage.expand, 1, use_bias=False, name=f"{name}_expand_conv")(y)
        y = layers.ReLU(6.0)(normalised(y, f"{name}_bn0"))
    y = layers.DepthwiseConv2D(
        stage.kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
    )(y)
    y = layers.ReLU(6.0)(normalised(y, f"{name}_bn1"))
    y = layers.Conv2D(stage.channels, 1, use_bias=False, name=f"{name}_project_conv")(y)
    y = normalised(y, f"{name}_bn2")
    return layers.Add()([x, y]) if stride == 1 and before == stage.channels else y


def read_weights(model: Any, path: Path) -> None:
    """Set the trunk's weights to those of EfficientNet-Lite0.

    The file (.npz) holds PyTorch's arrays by their names there. A file that does not hold them raises DataError.
    """
    try:
        content = io.BytesIO(read_bytes(path, DataError, LARGEST_BYTES))
        with np.load(content, allow_pickle=False) as stored:
            for layer in model.layers:
                name = stored_name(layer.name)
                if name is not None:
                    layer.set_weights(_for_layer(stored, name))
    except DataError:
        raise
    except Exception as error:  # numpy, zipfile, zlib and Keras raise different exceptions for each kind of damage
        raise DataError(f"{path}: no weights of EfficientNet-Lite0 (.npz), or damaged ones") from error


_STORED_NAMES = {"stem_conv": "_conv_stem", "stem_bn": "_bn0", "top_conv": "_conv_head", "top_bn": "_bn1"}


def stored_name(layer: str) -> str | None:
    """Return the name in the file of the layer with this name here; None for a layer that has no weights there."""
    if layer in _STORED_NAMES:
        return _STORED_NAMES[layer]
    if not layer.startswith("block"):
        return None
    number, _, part = layer.removeprefix("block").partition("_")
    return f"_blocks.{number}._{part}"


def _for_layer(stored: Mapping[str, FloatArray], name: str) -> list[FloatArray]:
    if f"{name}.running_mean" in stored:
        return [stored[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
    kernel = stored[f"{name}.weight"].astype(np.float32)
    if name == "_conv_stem":
        return [_stem_for_gray(kernel)]
    if name.endswith("_depthwise_conv"):
        return [kernel.transpose(2, 3, 0, 1)]
    return [kernel.transpose(2, 3, 1, 0)]


def _stem_for_gray(kernel: FloatArray) -> FloatArray:
    """Return a stem that gives for a gray picture what the stored stem gives for the picture enlarged twice.

    The picture is enlarged bilinearly. The stored stem has a stride of two pixels. Each of its taps, at the pixels 2i
    to 2i + 2 of the enlarged picture, is a mean of two of the small picture's pixels i - 1 to i + 1. The deviation of
    ImageNet's inputs, about -1 to 1, is half of the deviation of ours.
    """
    taps = np.array([[0.25, 0.75, 0.0], [0.0, 0.75, 0.25], [0.0, 0.25, 0.75]], dtype=np.float32)
    gray = 0.5 * kernel.sum(axis=1)
    return np.asarray(np.einsum("oyx,yi,xj->ijo", gray, taps, taps)[:, :, np.newaxis, :], dtype=np.float32)
