"""Adds small outputs to an emotion network that is trained already, whose own outputs do not change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.documents import read_json
from assistant.errors import DataError
from quantize.networks.keras_files import load
from quantize.networks.outputs import LABELS_HEAD


def tap(network: Any) -> Any:
    """Return the tensor that goes into the last convolution before the network's pooling; DataError without one."""
    from keras import layers

    pools = [layer for layer in network.layers if isinstance(layer, layers.GlobalAveragePooling2D)]
    layer = pools[-1] if pools else None
    while layer is not None and not isinstance(layer, layers.Conv2D):
        layer = getattr(layer.input, "_keras_history", (None,))[0]
    if layer is None:
        raise DataError("the emotion network has no convolution before a global pooling; a further output needs one")
    return layer.input


def small_output(features: Any, kind: str, widths: tuple[int, int], logits: int, name: str) -> Any:
    """Return this many logits from features [batch, height, width, channels].

    `widths` are the channels of its convolutions and the units of its hidden layer. These layers are named after the
    `kind`; the last layer has the `name`.
    """
    from keras import layers

    channels, units = widths
    inner = layers.Conv2D(channels, 1, activation="relu", name=f"{kind}_reduce")(features)
    inner = layers.DepthwiseConv2D(3, 2, padding="same", name=f"{kind}_around")(inner)
    inner = layers.Conv2D(channels, 1, activation="relu", name=f"{kind}_mix")(inner)
    inner = layers.Dropout(0.1, name=f"{kind}_dropout")(layers.Flatten(name=f"{kind}_flat")(inner))
    inner = layers.Dense(units, activation="relu", name=f"{kind}_units")(inner)
    return layers.Dense(logits, name=name)(inner)


def outputs_of(network: Any) -> dict[str, Any]:
    """Return the outputs of a network by their names; a single output is that of the labels."""
    return network.output if isinstance(network.output, dict) else {LABELS_HEAD.name: network.output}


def joined(network: Any, added: Mapping[str, Any]) -> Any:
    """Return the emotion network with the `added` outputs, by their names, beside its own, which do not change."""
    import keras

    features = tap(network)
    outputs = {**outputs_of(network), **{name: output(features) for name, output in added.items()}}
    return keras.Model(network.input, outputs, name="m")


def read_added(path: Path, emotion: Path, command: str) -> Any:
    """Read an output that was trained for this emotion network; DataError, with the `command`, for any other."""
    facts = read_json(path.with_name(f"{path.stem}-facts.json"), DataError)
    if not isinstance(facts, dict) or facts.get("emotion_network") != digest(emotion):
        raise DataError(f"{path}: was trained for another emotion network than {emotion}; see `{command}`")
    return load(path)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
