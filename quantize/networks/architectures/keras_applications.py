"""Large networks of keras.applications, to compare with and to learn from."""

from __future__ import annotations

from typing import Any

from assistant.emotion.preprocess import INPUT_SIZE_PX
from assistant.errors import DataError
from quantize.networks.architectures.blocks import ALONE, Heads, Weights, classified, face_input

IMAGENET_DEVIATION = {"vgg16": 64.0, "resnet50v2": 0.5, "mobilenetv3-small": 0.5}
"""The approximate standard deviation of the inputs that ImageNet's weights were trained on; ours have the deviation 1.

VGG takes gray levels less their mean, the others take -1 to 1 (keras.applications, `preprocess_input`).
"""


def vgg16(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """Build VGG-16 of K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks", arXiv:1409.1556, 2015."""
    return _with_trunk("vgg16", "VGG16", heads, weights)


def resnet50v2(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """Build ResNet-50 V2 of K. He et al., "Identity Mappings in Deep Residual Networks", ECCV 2016."""
    return _with_trunk("resnet50v2", "ResNet50V2", heads, weights)


def mobilenetv3_small(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """Build MobileNetV3-Small of A. Howard et al., "Searching for MobileNetV3", ICCV 2019."""
    return _with_trunk("mobilenetv3-small", "MobileNetV3Small", heads, weights, include_preprocessing=False)


def _with_trunk(name: str, builder: str, heads: Heads, weights: Weights, **options: Any) -> Any:
    """Return a network of keras.applications without its head; the gray picture is given as all three colours."""
    import keras

    inputs = face_input()
    colours = keras.layers.Concatenate()([inputs, inputs, inputs])
    trunk = _trunk(name, builder, weights, options)
    if weights:
        colours = keras.layers.Rescaling(IMAGENET_DEVIATION[name])(colours)
    features = keras.layers.GlobalAveragePooling2D()(trunk(colours))
    return classified(inputs, features, heads, dropout=0.3, name=name)


def _trunk(name: str, builder: str, weights: Weights, options: dict[str, Any]) -> Any:
    import keras

    source = str(weights) if weights else None
    try:
        build = getattr(keras.applications, builder)
        return build(include_top=False, weights=source, input_shape=(INPUT_SIZE_PX, INPUT_SIZE_PX, 3), **options)
    except Exception as error:  # h5py, Keras and the download each raise exceptions of several kinds
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(f"{source}: no weights for the trunk of {name}: {reason}") from error
