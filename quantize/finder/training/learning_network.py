"""Turns the finder's network into the form in which it is trained, and back into plain layers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import keras
from keras import layers, ops

from assistant.errors import ConfigError
from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX
from quantize.finder.training.network import finder_network
from quantize.networks.cloning import cloned
from quantize.networks.fused_batch_norm import with_fused_normalisation
from quantize.networks.keras_files import load
from quantize.networks.quantization_aware import with_rounding, without_rounding


class ShiftedDepthwiseConv2D(layers.DepthwiseConv2D):  # type: ignore[misc]  # Keras ships no types
    """A depthwise convolution as a sum of shifted pictures, which JAX runs faster on a GPU."""

    def call(self, inputs: Any) -> Any:
        """Convolve."""
        (size, _), (stride, _) = self.kernel_size, self.strides
        height, width = inputs.shape[1:3]
        pads = [max((math.ceil(side / stride) - 1) * stride + size - side, 0) for side in (height, width)]
        around = ops.pad(inputs, [(0, 0), *((pad // 2, pad - pad // 2) for pad in pads), (0, 0)])
        kernel = ops.cast(self.kernel, inputs.dtype)
        rows, columns = (math.ceil(side / stride) for side in (height, width))
        total: Any = 0.0
        for i in range(size):
            for j in range(size):
                part = around[:, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (columns - 1) + 1 : stride]
                total = total + part * kernel[i, j, :, 0]
        return total + ops.cast(self.bias, inputs.dtype) if self.use_bias else total


def start_from(network: Any, start: Path) -> None:
    """Set the weights to those of a trained finder, whose pictures may have had another size.

    A network with other layers raises ConfigError.
    """
    try:
        network.set_weights(load(start).get_weights())
    except ValueError:
        raise ConfigError(f"--start {start}: its layers are not those of the finder") from None


def learning_network(network: Any, *, quantization_aware: bool, shifted: bool) -> Any:
    """Return the network as it is trained: with rounding, with shifted convolutions, or with fused normalisation."""
    if quantization_aware:
        return with_rounding(network)
    if shifted:
        network = cloned(network, {layers.DepthwiseConv2D: ShiftedDepthwiseConv2D})
    return with_fused_normalisation(network)


def plain_network(learning: Any, *, quantization_aware: bool) -> Any:
    """Return the trained network as it is stored: plain layers, float32, for whole frames."""
    keras.mixed_precision.set_global_policy("float32")
    if quantization_aware:
        return without_rounding(learning)
    plain = finder_network(FRAME_HEIGHT_PX, FRAME_WIDTH_PX)
    for layer in plain.layers:
        layer.set_weights(learning.get_layer(layer.name).get_weights())
    return plain
