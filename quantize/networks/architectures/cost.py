"""What a network costs the headset: multiply-adds for a picture, and the size of the int8 file."""

from __future__ import annotations

import math
from typing import Any

CHANNEL_BYTES = 32
"""Bytes of an int8 file for each channel of a layer's output: its bias, and the scales and zero points of both."""


def multiply_adds(model: Any) -> int:
    """Count the multiplications with a weight that classifying one picture takes."""
    return sum(_layer_multiply_adds(layer) for layer in model.layers)


def int8_bytes(model: Any) -> int:
    """Estimate the size of the int8 file, in which batch normalisation is folded into the convolutions."""
    layers = [layer for layer in _flat(model) if type(layer).__name__ != "BatchNormalization"]
    channels = sum(int(layer.output.shape[-1]) for layer in layers if _kernels(layer))
    return sum(int(layer.count_params()) for layer in layers) + CHANNEL_BYTES * channels


def _layer_multiply_adds(layer: Any) -> int:
    if hasattr(layer, "layers"):
        return multiply_adds(layer)
    kernels = _kernels(layer)
    if not kernels:
        return 0
    positions = math.prod(layer.output.shape[1:-1])
    return int(positions * sum(math.prod(kernel.shape) for kernel in kernels))


def _kernels(layer: Any) -> list[Any]:
    return [weight for weight in layer.weights if "kernel" in weight.name]


def _flat(model: Any) -> list[Any]:
    return [each for layer in model.layers for each in (_flat(layer) if hasattr(layer, "layers") else [layer])]
