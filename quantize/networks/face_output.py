"""The output of an emotion network for faces: one logit, whether the picture shows a face at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray
from quantize.networks.added_outputs import outputs_of, small_output, tap
from quantize.networks.outputs import Head, Targets

FACE_OUTPUT = "face"
"""The name of the output."""


WIDTHS = (24, 16)
"""The widths of the output's layers: its channels, and its hidden units. Wider ones find no more (docs/history.md)."""


def face_layers(features: Any, name: str = FACE_OUTPUT) -> Any:
    """Return one logit, whether there is a face, from features [batch, height, width, channels].

    `name` is that of the last layer.
    """
    return small_output(features, "face", WIDTHS, 1, name)


def with_face_output(network: Any) -> Any:
    """Return the network with an untrained output for faces beside its own outputs, to train all of them together."""
    import keras

    return keras.Model(network.input, {**outputs_of(network), FACE_OUTPUT: face_layers(tap(network), "face_logit")})


def without_face_output(network: Any) -> Any:
    """Return the network with its other outputs alone."""
    import keras

    kept = {name: output for name, output in outputs_of(network).items() if name != FACE_OUTPUT}
    return keras.Model(network.input, kept)


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


def with_emotions(
    targets: Targets, is_face: npt.NDArray[np.bool_], scores: Mapping[str, FloatArray], weight: float
) -> Targets:
    """Return the targets of candidates, in which faces also teach these scores of theirs, with this weight."""
    by_head, weights = dict(targets.by_head), dict(targets.weights)
    for name, each in scores.items():
        by_head[name] = by_head[name].copy()
        by_head[name][is_face] = each
        weights[name] = weight * is_face.astype(np.float32)
    return Targets(by_head, weights)
