"""Joins the output for faces to an emotion network: one logit, whether the picture shows a face at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from assistant.documents import read_json
from assistant.errors import DataError
from quantize.networks.keras_files import load
from quantize.networks.outputs import LABELS_HEAD

FACE_OUTPUT = "face"
"""The name of the output."""


def tap(network: Any) -> Any:
    """Return the tensor that goes into the last convolution before the network's pooling; DataError without one."""
    from keras import layers

    pools = [layer for layer in network.layers if isinstance(layer, layers.GlobalAveragePooling2D)]
    layer = pools[-1] if pools else None
    while layer is not None and not isinstance(layer, layers.Conv2D):
        layer = getattr(layer.input, "_keras_history", (None,))[0]
    if layer is None:
        raise DataError("the emotion network has no convolution before a global pooling; an output for faces needs one")
    return layer.input


def joined(network: Any, head: Any) -> Any:
    """Return the emotion network with the output for faces beside its own outputs, which do not change."""
    import keras

    outputs = network.output if isinstance(network.output, dict) else {LABELS_HEAD.name: network.output}
    # A short name: TFLite stores it with every tensor.
    return keras.Model(network.input, {**outputs, FACE_OUTPUT: head(tap(network))}, name="m")


def read_head(path: Path, emotion: Path) -> Any:
    """Read the output that was trained for this emotion network; DataError is raised for any other."""
    facts = read_json(path.with_name(f"{path.stem}-facts.json"), DataError)
    if not isinstance(facts, dict) or facts.get("emotion_network") != digest(emotion):
        raise DataError(f"{path}: was trained for another emotion network than {emotion}; see `quantize finder head`")
    return load(path)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
