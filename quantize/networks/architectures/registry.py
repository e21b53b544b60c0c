"""The networks that can be trained, each listed once by its name on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quantize.networks.architectures.compact import compact, compact_se
from quantize.networks.architectures.efficientnet_lite import efficientnet_lite0, lite
from quantize.networks.architectures.keras_applications import (
    IMAGENET_DEVIATION,
    mobilenetv3_small,
    resnet50v2,
    vgg16,
)
from quantize.networks.architectures.mini_xception import mini_xception
from quantize.networks.architectures.simple import simple

ARCHITECTURES: dict[str, Callable[..., Any]] = {
    "compact": compact,
    "compact-se": compact_se,
    "lite": lite,
    "efficientnet-lite0": efficientnet_lite0,
    "simple": simple,
    "mini-xception": mini_xception,
    "vgg16": vgg16,
    "resnet50v2": resnet50v2,
    "mobilenetv3-small": mobilenetv3_small,
}
"""Functions that build a network for the heads they are given: gray pictures of 48x48 pixels in, logits out."""

TAPPED = ("lite", "efficientnet-lite0", "mini-xception")
"""Networks that end in a convolution before their pooling, as an output for faces needs it."""

FREEZABLE = tuple(IMAGENET_DEVIATION)
"""Networks whose trunk can be kept unchanged for the first epochs."""

TRANSFERABLE = ("lite", "efficientnet-lite0", *FREEZABLE)
"""Networks that can start from weights trained on ImageNet."""
