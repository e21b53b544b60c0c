"""Batch normalisation by TensorFlow's fused kernel, with which training takes about half the time on a processor.

Keras 3 normalises in several passes over the activations; on two cores these took as long as the convolutions of
`compact` (`benchmarks/training.py` measures it). Networks are built and stored with Keras's own layer; the fused layer
replaces it during training. Importing this module registers the layer, so that Keras can read a checkpoint that has it.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from quantize.networks.cloning import cloned


def with_fused_normalisation(model: Any) -> Any:
    """Return a copy that trains faster; return the network itself if it has a trunk or TensorFlow does not train it."""
    if keras.backend.backend() != "tensorflow" or any(isinstance(layer, keras.Model) for layer in model.layers):
        return model
    return cloned(model, {layers.BatchNormalization: FusedBatchNormalization})


def without_fused_normalisation(model: Any) -> Any:
    """Return a copy with Keras's own layers."""
    if not any(isinstance(layer, FusedBatchNormalization) for layer in model.layers):
        return model
    return cloned(model, {FusedBatchNormalization: layers.BatchNormalization})


@keras.saving.register_keras_serializable(package="quantize")
class FusedBatchNormalization(layers.BatchNormalization):  # type: ignore[misc]  # Keras ships no types
    """Batch normalisation of pictures [N, height, width, channels]."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalise."""
        if not (training and self.trainable):
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma.value, self.beta.value, epsilon=self.epsilon, is_training=True
        )
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(average * self.momentum + value * (1 - self.momentum))
        return outputs
