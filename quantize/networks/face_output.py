"""Joins the output for faces to an emotion network: one logit, whether the picture shows a face at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents import read_json
from assistant.errors import DataError
from quantize.networks.keras_files import load
from quantize.networks.outputs import LABELS_HEAD, Head, Targets

FACE_OUTPUT = "face"
"""The name of the output."""


CHANNELS, UNITS = 24, 16
"""The widths of the output's layers; wider ones would make the headset's file larger than 1 MB."""


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


def face_layers(features: Any, name: str = FACE_OUTPUT) -> Any:
    """Return one logit, whether there is a face, from features [batch, height, width, channels].

    `name` is that of the last layer.
    """
    from keras import layers

    inner = layers.Conv2D(CHANNELS, 1, activation="relu", name="face_reduce")(features)
    inner = layers.DepthwiseConv2D(3, 2, padding="same", name="face_around")(inner)
    inner = layers.Conv2D(CHANNELS, 1, activation="relu", name="face_mix")(inner)
    inner = layers.Dropout(0.1, name="face_dropout")(layers.Flatten(name="face_flat")(inner))
    inner = layers.Dense(UNITS, activation="relu", name="face_units")(inner)
    return layers.Dense(1, name=name)(inner)


def with_face_output(network: Any) -> Any:
    """Return the network with an untrained output for faces beside its own outputs, to train all of them together."""
    import keras

    return keras.Model(network.input, {**_outputs(network), FACE_OUTPUT: face_layers(tap(network), "face_logit")})


def without_face_output(network: Any) -> Any:
    """Return the network with its other outputs alone."""
    import keras

    kept = {name: output for name, output in _outputs(network).items() if name != FACE_OUTPUT}
    return keras.Model(network.input, kept)


def _outputs(network: Any) -> dict[str, Any]:
    return network.output if isinstance(network.output, dict) else {LABELS_HEAD.name: network.output}


def joined(network: Any, head: Any) -> Any:
    """Return the emotion network with the output for faces beside its own outputs, which do not change."""
    import keras

    outputs = _outputs(network)
    # A short name: TFLite stores it with every tensor.
    return keras.Model(network.input, {**outputs, FACE_OUTPUT: head(tap(network))}, name="m")


def with_face_targets(targets: Targets) -> Targets:
    """Return targets that also have the output for faces, which learns nothing from these pictures."""
    count = len(next(iter(targets.weights.values())))
    by_head = {**targets.by_head, FACE_OUTPUT: np.zeros((count, 1), np.float32)}
    return Targets(by_head, {**targets.weights, FACE_OUTPUT: np.zeros(count, np.float32)})


def candidate_targets(heads: Sequence[Head], is_face: npt.NDArray[np.bool_]) -> Targets:
    """Return targets for candidates: only the output for faces learns from them."""
    count = len(is_face)
    by_head = {head.name: np.full((count, len(head.labels)), 1 / len(head.labels), np.float32) for head in heads}
    weights = {head.name: np.zeros(count, np.float32) for head in heads}
    by_head[FACE_OUTPUT] = is_face.astype(np.float32)[:, np.newaxis]
    return Targets(by_head, {**weights, FACE_OUTPUT: np.ones(count, np.float32)})


def read_head(path: Path, emotion: Path) -> Any:
    """Read the output that was trained for this emotion network; DataError is raised for any other."""
    facts = read_json(path.with_name(f"{path.stem}-facts.json"), DataError)
    if not isinstance(facts, dict) or facts.get("emotion_network") != digest(emotion):
        raise DataError(f"{path}: was trained for another emotion network than {emotion}; see `quantize finder head`")
    return load(path)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
