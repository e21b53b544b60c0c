"""A layer that enlarges features without computing new ones.

W. Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
Network", CVPR 2016. Importing this module registers the layer, so that Keras can read models that have it.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="quantize")
class DepthToSpace(layers.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that turns four channels into a square of four pixels: [N, h, w, 4 c] becomes [N, 2 h, 2 w, c]."""

    def call(self, inputs: Any) -> Any:
        """Rearrange; on TensorFlow by its own operation, because TFLite has this operation for pictures of any size."""
        if keras.backend.backend() == "tensorflow":
            import tensorflow

            return tensorflow.nn.depth_to_space(inputs, 2)
        _, height, width, channels = inputs.shape
        split = ops.reshape(inputs, (-1, height, width, 2, 2, channels // 4))
        return ops.reshape(ops.transpose(split, (0, 1, 3, 2, 4, 5)), (-1, 2 * height, 2 * width, channels // 4))
