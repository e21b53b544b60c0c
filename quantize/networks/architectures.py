"""The networks that can be trained, by name: logits out of a gray picture of 48x48 pixels, prepared by `preprocess`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.emotion.preprocess import INPUT_SIZE_PX
from assistant.errors import DataError
from quantize.networks.blocks import normalised
from quantize.networks.efficientnet_lite import HEAD_CHANNELS, STAGES, read_weights, trunk
from quantize.networks.outputs import HEADS, Head

Heads = Sequence[Head]
ALONE: Heads = HEADS["labels"]
Weights = Path | str | None
"""Of a trunk trained on ImageNet: a file, `imagenet` to have it fetched, or none."""


def compact(heads: Heads = ALONE, *, width: int = 32) -> Any:
    """The headset's network: a small residual network.

    Basic blocks with batch normalisation after K. He et al., "Deep Residual Learning for Image Recognition",
    CVPR 2016. Its channels grow as the picture shrinks: 32 at 24x24, 64 at 12x12, 128 at 6x6 pixels.
    """
    import keras

    inputs = _face()
    x = normalised(keras.layers.Conv2D(width // 2, 3, padding="same", use_bias=False)(inputs))
    x = keras.layers.ReLU()(x)
    for channels in (width, 2 * width, 4 * width):
        x = _residual_block(x, channels, stride=2)
        x = _residual_block(x, channels, stride=1)
    return _classified(inputs, keras.layers.GlobalAveragePooling2D()(x), heads, dropout=0.3, name="compact")


def compact_se(heads: Heads = ALONE) -> Any:
    """The headset's network, deeper where the picture is small, each block weighing its channels.

    As many multiply-adds as `compact`: one block at 24x24, two at 12x12, three at 6x6 pixels. Squeeze-and-excitation
    after J. Hu et al., "Squeeze-and-Excitation Networks", CVPR 2018.
    """
    import keras

    inputs = _face()
    x = keras.layers.ReLU()(normalised(keras.layers.Conv2D(16, 3, padding="same", use_bias=False)(inputs)))
    for channels, blocks in ((32, 1), (72, 2), (120, 3)):
        for block in range(blocks):
            x = _residual_block(x, channels, stride=1 if block else 2, squeeze=8)
    return _classified(inputs, keras.layers.GlobalAveragePooling2D()(x), heads, dropout=0.3, name="compact-se")


def lite(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """The first eleven blocks of EfficientNet-Lite0, at the size that a face of 48x48 pixels has enlarged twice."""
    return _lite("lite", 5, (320, "head"), heads, weights)


def efficientnet_lite0(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """All sixteen blocks, and the layer above them; else as `lite`. Too large a file for the headset."""
    return _lite("efficientnet-lite0", len(STAGES), (HEAD_CHANNELS, "top"), heads, weights)


def simple(heads: Heads = ALONE) -> Any:
    """The four-layer network of the tutorials, as in github.com/atulapra/Emotion-detection (2018)."""
    import keras

    layers = keras.layers
    inputs = x = _face()
    for channels in (32, 64):
        x = layers.Conv2D(channels, 3, activation="relu")(x)
    x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    for channels in (128, 128):
        x = layers.MaxPooling2D(2)(layers.Conv2D(channels, 3, activation="relu")(x))
    x = layers.Dropout(0.25)(x)
    x = layers.Dense(1024, activation="relu")(layers.Flatten()(x))
    return _classified(inputs, x, heads, dropout=0.5, name="simple")


def mini_xception(heads: Heads = ALONE) -> Any:
    """Mini-Xception: separable convolutions with short cuts, 58 thousand parameters.

    O. Arriaga et al., "Real-time Convolutional Neural Networks for Emotion and Gender Classification",
    arXiv:1710.07557, 2017. Its weight penalty is left to the optimizer's weight decay.
    """
    import keras

    layers = keras.layers
    inputs = x = _face()
    for _ in range(2):
        x = layers.ReLU()(normalised(layers.Conv2D(8, 3, use_bias=False)(x)))
    for channels in (16, 32, 64, 128):
        # Every second pixel first, and not by the convolution's stride: with 8 channels and batches of odd size the
        # oneDNN kernels of TensorFlow 2.21 then write beyond their memory.
        short = normalised(layers.Conv2D(channels, 1, use_bias=False)(layers.MaxPooling2D(1, strides=2)(x)))
        x = normalised(layers.SeparableConv2D(channels, 3, padding="same", use_bias=False)(x))
        x = layers.ReLU()(x)
        x = normalised(layers.SeparableConv2D(channels, 3, padding="same", use_bias=False)(x))
        x = layers.Add()([layers.MaxPooling2D(3, strides=2, padding="same")(x), short])

    def logits(head: Head) -> Any:
        return layers.GlobalAveragePooling2D(name=head.name)(layers.Conv2D(len(head.labels), 3, padding="same")(x))

    return keras.Model(inputs, _answers(heads, logits), name="mini-xception")


def vgg16(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """VGG-16 of K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks", arXiv:1409.1556, 2015."""
    return _from_applications("vgg16", "VGG16", heads, weights)


def resnet50v2(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """ResNet-50 V2 of K. He et al., "Identity Mappings in Deep Residual Networks", ECCV 2016."""
    return _from_applications("resnet50v2", "ResNet50V2", heads, weights)


def mobilenetv3_small(heads: Heads = ALONE, *, weights: Weights = None) -> Any:
    """MobileNetV3-Small of A. Howard et al., "Searching for MobileNetV3", ICCV 2019."""
    return _from_applications("mobilenetv3-small", "MobileNetV3Small", heads, weights, include_preprocessing=False)


def _lite(name: str, stages: int, last: tuple[int, str], heads: Heads, weights: Weights) -> Any:
    import keras

    inputs = _face()
    channels, layer = last
    x = keras.layers.Conv2D(channels, 1, use_bias=False, name=f"{layer}_conv")(trunk(inputs, stages))
    x = keras.layers.ReLU(6.0)(normalised(x, f"{layer}_bn"))
    model = _classified(inputs, keras.layers.GlobalAveragePooling2D()(x), heads, dropout=0.3, name=name)
    if weights:
        read_weights(model, Path(weights))
    return model


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

IMAGENET_DEVIATION = {"vgg16": 64.0, "resnet50v2": 0.5, "mobilenetv3-small": 0.5}
"""About how far the inputs spread that ImageNet's weights were trained on, where ours have the deviation 1: VGG takes
gray levels less their mean, the others -1 to 1 (keras.applications, `preprocess_input`)."""

FREEZABLE = tuple(IMAGENET_DEVIATION)
"""The networks whose trunk can stay as it is for some epochs."""

TRANSFERABLE = ("lite", "efficientnet-lite0", *FREEZABLE)
"""The networks that take weights trained on ImageNet."""

CHANNEL_BYTES = 32
"""Of an int8 file, for each channel that a layer gives: its bias, and the scales and zero points of both."""


def multiply_adds(model: Any) -> int:
    """Multiplications with a weight that judging one picture takes."""
    return sum(_layer_multiply_adds(layer) for layer in model.layers)


def int8_bytes(model: Any) -> int:
    """About the size of the int8 file, batch normalisation being folded into the convolutions."""
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


def _face() -> Any:
    import keras

    return keras.Input((INPUT_SIZE_PX, INPUT_SIZE_PX, 1), name="face")


def _classified(inputs: Any, features: Any, heads: Heads, *, dropout: float, name: str) -> Any:
    import keras

    kept = keras.layers.Dropout(dropout)(features)
    return keras.Model(
        inputs, _answers(heads, lambda head: keras.layers.Dense(len(head.labels), name=head.name)(kept)), name=name
    )


def _answers(heads: Heads, logits: Callable[[Head], Any]) -> Any:
    """The outputs of a network: a tensor for one head, a dictionary by name for several."""
    return logits(heads[0]) if len(heads) == 1 else {head.name: logits(head) for head in heads}


def _residual_block(x: Any, channels: int, stride: int, *, squeeze: int | None = None) -> Any:
    """A basic block; with `squeeze`, its channels are weighed by a network that many times narrower."""
    import keras

    def convolved(source: Any, size: int, step: int) -> Any:
        layer = keras.layers.Conv2D(channels, size, strides=step, padding="same", use_bias=False)
        return normalised(layer(source))

    short = x if stride == 1 else convolved(x, 1, stride)
    y = keras.layers.ReLU()(convolved(x, 3, stride))
    y = convolved(y, 3, 1)
    if squeeze is not None:
        y = keras.layers.Multiply()([y, _channel_weights(y, channels, channels // squeeze)])
    return keras.layers.ReLU()(keras.layers.Add()([short, y]))


def _channel_weights(x: Any, channels: int, narrow: int) -> Any:
    import keras

    means = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    squeezed = keras.layers.Conv2D(narrow, 1, activation="relu")(means)
    return keras.layers.Conv2D(channels, 1, activation="sigmoid")(squeezed)


def _from_applications(name: str, builder: str, heads: Heads, weights: Weights, **options: Any) -> Any:
    """A network of keras.applications without its head; the gray picture is given as all three colours."""
    import keras

    inputs = _face()
    colours = keras.layers.Concatenate()([inputs, inputs, inputs])
    shape = (INPUT_SIZE_PX, INPUT_SIZE_PX, 3)
    source = str(weights) if weights else None
    try:
        build = getattr(keras.applications, builder)
        trunk = build(include_top=False, weights=source, input_shape=shape, **options)
    except Exception as error:  # h5py, Keras and the download each raise kinds of their own
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(f"{source}: no weights for the trunk of {name}: {said}") from error
    if weights:
        colours = keras.layers.Rescaling(IMAGENET_DEVIATION[name])(colours)
    features = keras.layers.GlobalAveragePooling2D()(trunk(colours))
    return _classified(inputs, features, heads, dropout=0.3, name=name)
