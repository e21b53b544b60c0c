"""Quantization-aware training: the network rounds weights and activations as int8 does, while it is trained further.

The source is B. Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference", CVPR 2018. Batch normalisation is folded into the convolutions. Weights are rounded symmetrically for each
output channel, activations by their range. Gradients pass through the rounding. The input, whose range the
preprocessing bounds, and the weights of separable convolutions are not rounded. TensorFlow's own package for this
(tfmot) does not work with Keras 3.

Importing this module registers its layers, so that Keras can read models that have them.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from assistant.errors import DataError
from quantize.networks.cloning import called, cloned

CONVOLUTIONS = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)
"""The layers into which batch normalisation can be folded."""

RANGE_MOMENTUM = 0.99
"""The momentum of the moving averages of an activation's least and greatest value."""


def with_rounding(model: Any) -> Any:
    """Return a copy with batch normalisation folded, which rounds wherever int8 rounds.

    A network with a trunk raises DataError.
    """
    folded = without_normalisation(model)
    rounding = {layer.name for layer in folded.layers if _is_stored(layer, folded)}

    def call(layer: Any, *args: Any, **options: Any) -> Any:
        output = called(layer, *args, **options)
        return RoundedActivation(name=f"{layer.name}_rounded")(output) if layer.name in rounding else output

    return cloned(folded, ROUNDED, call)


def without_rounding(model: Any) -> Any:
    """Return a copy of plain layers with the weights that were learned under rounding, ready to be converted."""
    plain = {rounded: kind for kind, rounded in ROUNDED.items()}
    return cloned(model, {**plain, RoundedActivation: layers.Identity})


def without_normalisation(model: Any) -> Any:
    """Return a copy with each batch normalisation folded into the convolution before it.

    A network with a trunk raises DataError.
    """
    if any(isinstance(layer, keras.Model) for layer in model.layers):
        raise DataError(f"{model.name}: a network with a trunk cannot be trained with --quantization-aware")
    made_by = {id(layer.output): layer for layer in model.layers if not isinstance(layer.output, (list, dict))}
    normalisation = {
        made_by[id(layer.input)].name: layer
        for layer in model.layers
        if isinstance(layer, layers.BatchNormalization) and type(made_by[id(layer.input)]) in CONVOLUTIONS
    }
    folded_away = {layer.name for layer in normalisation.values()}

    def clone(layer: Any) -> Any:
        if layer.name in folded_away:
            return layers.Identity(name=layer.name)
        bias = {"use_bias": True} if layer.name in normalisation else {}
        return type(layer).from_config(layer.get_config() | bias)

    folded = keras.models.clone_model(model, clone_function=clone, call_function=called)
    for layer in folded.layers:
        before = model.get_layer(layer.name)
        same = layer.name not in normalisation
        layer.set_weights(before.get_weights() if same else _folded(before, normalisation[layer.name]))
    return folded


def _folded(convolution: Any, normalisation: Any) -> list[Any]:
    """Return the kernels and the bias of the convolution that replaces both layers."""
    gamma, beta, mean, variance = (np.asarray(weight) for weight in normalisation.get_weights())
    factor = gamma / np.sqrt(variance + normalisation.epsilon)
    weights = convolution.get_weights()
    bias = weights.pop() if convolution.use_bias else 0.0
    *before, kernel = weights
    by_output = factor.reshape(kernel.shape[-2:]) if isinstance(convolution, layers.DepthwiseConv2D) else factor
    return [*before, kernel * by_output, beta + (bias - mean) * factor]


def _is_stored(layer: Any, model: Any) -> bool:
    """Return whether int8 rounds the output of this layer.

    It does not where a ReLU follows, which is computed together with the layer, and where the layer only passes on
    values of its input.
    """
    if isinstance(layer, (layers.Dropout, layers.MaxPooling2D, layers.Flatten)):
        return False
    users = [each for each in model.layers if any(layer.output is source for source in _sources(each))]
    return not (len(users) == 1 and isinstance(users[0], layers.ReLU))


def _sources(layer: Any) -> list[Any]:
    if isinstance(layer, layers.InputLayer):
        return []
    return layer.input if isinstance(layer.input, list) else [layer.input]


def _straight_through(values: Any, rounded: Any) -> Any:
    """Return the rounded values, with the gradient of the values before rounding."""
    return values + ops.stop_gradient(rounded - values)


def _rounded_kernel(kernel: Any, outputs: int = 1) -> Any:
    """Round the kernel by a scale for each output; the last `outputs` axes of the kernel are those of the outputs."""
    others = tuple(range(len(kernel.shape) - outputs))
    scale = ops.max(ops.abs(kernel), axis=others, keepdims=True) / 127 + 1e-12
    return _straight_through(kernel, ops.round(kernel / scale) * scale)


@keras.saving.register_keras_serializable(package="quantize")
class RoundedConv2D(layers.Conv2D):  # type: ignore[misc]  # Keras ships no types
    """A convolution with an int8 kernel, a scale for each output channel."""

    def call(self, inputs: Any) -> Any:
        """Convolve."""
        outputs = self.convolution_op(inputs, _rounded_kernel(self.kernel))
        return self.activation(outputs + self.bias if self.use_bias else outputs)


@keras.saving.register_keras_serializable(package="quantize")
class RoundedDepthwiseConv2D(layers.DepthwiseConv2D):  # type: ignore[misc]  # Keras ships no types
    """A convolution of each channel by itself with an int8 kernel, a scale for each output channel."""

    def call(self, inputs: Any) -> Any:
        """Convolve."""
        outputs = ops.depthwise_conv(
            inputs,
            _rounded_kernel(self.kernel, outputs=2),
            self.strides,
            self.padding,
            self.data_format,
            self.dilation_rate,
        )
        return self.activation(outputs + self.bias if self.use_bias else outputs)


@keras.saving.register_keras_serializable(package="quantize")
class RoundedDense(layers.Dense):  # type: ignore[misc]  # Keras ships no types
    """A dense layer with an int8 kernel, a scale for each output."""

    def call(self, inputs: Any) -> Any:
        """Multiply."""
        outputs = ops.matmul(inputs, _rounded_kernel(self.kernel))
        return self.activation(outputs + self.bias if self.use_bias else outputs)


ROUNDED = {
    layers.Conv2D: RoundedConv2D,
    layers.DepthwiseConv2D: RoundedDepthwiseConv2D,
    layers.Dense: RoundedDense,
}
"""The layer that replaces each kind of layer while its kernel is rounded."""


@keras.saving.register_keras_serializable(package="quantize")
class RoundedActivation(layers.Layer):  # type: ignore[misc]  # Keras ships no types
    """Rounds to 256 steps between moving averages of the least and the greatest value; untrained, it does not round."""

    def build(self, input_shape: Any) -> None:
        """Create the averages."""
        del input_shape
        self.low, self.high, self.seen = (
            self.add_weight(shape=(), initializer="zeros", trainable=False, name=name)
            for name in ("low", "high", "seen")
        )

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Round."""
        if training:
            self._follow(inputs)
        known = ops.maximum(self.seen, 1e-6)
        low, high = self.low / known, self.high / known
        scale = ops.maximum(high - low, 1e-6) / 255
        zero = ops.round(-low / scale)
        within = ops.clip(inputs, -zero * scale, (255 - zero) * scale)
        rounded = _straight_through(within, ops.round(within / scale) * scale)
        return ops.where(self.seen > 0, rounded, inputs)

    def _follow(self, inputs: Any) -> None:
        """Update the averages; `seen` is the average of ones, and dividing by it corrects for the start at zero."""
        for average, value in (
            (self.low, ops.minimum(ops.min(inputs), 0.0)),
            (self.high, ops.maximum(ops.max(inputs), 0.0)),
            (self.seen, 1.0),
        ):
            average.assign(RANGE_MOMENTUM * average + (1 - RANGE_MOMENTUM) * ops.cast(value, average.dtype))
