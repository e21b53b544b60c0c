"""The outputs that a network can have, and what each of them learns from FER-2013's labels and FER+'s votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.emotion.model_card import NOT_A_FACE, Role
from assistant.emotions import EMOTIONS
from quantize.data.ferplus import VOTE_COLUMNS, VOTED_EMOTION
from quantize.data.samples import SEVEN, Samples

Array = npt.NDArray[np.float32]
Votes = npt.NDArray[np.uint8]

BESIDES = {"contempt": "contempt", "unknown": "unknown", "NF": NOT_A_FACE}
"""FER+'s answers that are none of the seven, by its column's name, as the card calls them."""


@dataclass(frozen=True, slots=True)
class Head:
    """An output of logits, one for each of its labels."""

    name: str
    role: Role
    labels: tuple[str, ...]


LABELS_HEAD = Head("emotion", Role.LABELS, SEVEN)
CROWD_HEAD = Head("crowd", Role.CROWD, (*SEVEN, *BESIDES.values()))
HEADS: Mapping[str, tuple[Head, ...]] = {"labels": (LABELS_HEAD,), "both": (LABELS_HEAD, CROWD_HEAD)}


def softmax(logits: Array) -> Array:
    """Probabilities, float32 of the same shape, along the last axis."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What the heads should say of N pictures, and how much each picture weighs.

    `targets` holds float32 [N, labels] by the head's name, `weights` float32 [N].
    """

    targets: Mapping[str, Array]
    weights: Mapping[str, Array]

    def weighted(self, by: Array) -> Targets:
        """The same, each weight multiplied."""
        return Targets(self.targets, {name: weight * by for name, weight in self.weights.items()})

    def joined(self, other: Targets) -> Targets:
        """These and then the others."""
        return Targets(
            {name: np.concatenate([target, other.targets[name]]) for name, target in self.targets.items()},
            {name: np.concatenate([weight, other.weights[name]]) for name, weight in self.weights.items()},
        )


def targets_for(heads: Sequence[Head], samples: Samples, votes: Votes | None, crowd_weight: float) -> Targets:
    """Each head's targets: FER-2013's labels, with FER+'s votes mixed in by `crowd_weight`; the votes for the crowd's.

    `votes` is uint8 [N, 10] in FER+'s order; the crowd's head needs it.
    """
    targets = {LABELS_HEAD.name: label_targets(samples, votes, crowd_weight)}
    if CROWD_HEAD in heads and votes is not None:
        targets[CROWD_HEAD.name] = crowd_targets(votes)
    return Targets(targets, {name: np.ones(len(samples), np.float32) for name in targets})


def not_a_face(heads: Sequence[Head], count: int) -> Targets:
    """Goals for pictures without a face: the crowd's head says so, the labels' learns nothing from them."""
    targets = {head.name: np.zeros((count, len(head.labels)), np.float32) for head in heads}
    targets[CROWD_HEAD.name][:, CROWD_HEAD.labels.index(NOT_A_FACE)] = 1
    weights = {head.name: np.full(count, head is CROWD_HEAD, np.float32) for head in heads}
    return Targets(targets, weights)


def label_targets(samples: Samples, votes: Votes | None, crowd_weight: float) -> Array:
    """Targets float32 [N, 7]: FER-2013's labels, FER+'s votes, or a mix of the two by `crowd_weight`, 0 to 1.

    A picture that nobody gave one of the seven emotions keeps its label.
    """
    labels = np.eye(len(SEVEN), dtype=np.float32)[samples.labels]
    if votes is None:
        return labels
    seven = crowd_votes(votes)[:, : len(SEVEN)]
    voted = seven.sum(axis=1, keepdims=True)
    crowd = np.where(voted > 0, seven / np.maximum(voted, 1), labels)
    return np.asarray((1 - crowd_weight) * labels + crowd_weight * crowd, dtype=np.float32)


def crowd_targets(votes: Votes) -> Array:
    """Shares of FER+'s votes, float32 [N, 10], in the order of the crowd's head; no vote at all means not a face."""
    ordered = crowd_votes(votes)
    none = ordered.sum(axis=1) == 0
    ordered[none, CROWD_HEAD.labels.index(NOT_A_FACE)] = 1
    return np.asarray(ordered / ordered.sum(axis=1, keepdims=True), dtype=np.float32)


def crowd_votes(votes: Votes) -> Array:
    """FER+'s votes, float32 [N, 10], in the order of the crowd's head."""
    named = {VOTED_EMOTION[name]: number for number, name in enumerate(VOTE_COLUMNS) if name in VOTED_EMOTION}
    order = [*(named[emotion] for emotion in EMOTIONS), *(VOTE_COLUMNS.index(name) for name in BESIDES)]
    return votes[:, order].astype(np.float32)
