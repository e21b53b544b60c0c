"""The outputs that a network can have, and the targets that each of them learns from labels and votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.emotion.joined import Role
from assistant.emotion.model_card import NOT_A_FACE
from assistant.emotion.preprocess import FloatArray
from assistant.emotions import EMOTIONS
from quantize.data.ferplus import VOTE_COLUMNS, VOTED_EMOTION, Votes
from quantize.data.samples import SEVEN, Samples

OTHER_ANSWERS = {"contempt": "contempt", "unknown": "unknown", "NF": NOT_A_FACE}
"""FER+'s answers that are not one of the seven emotions: the name of the column, and the label in the card."""


@dataclass(frozen=True, slots=True)
class Head:
    """An output of a network: one logit for each of its labels."""

    name: str
    role: Role
    labels: tuple[str, ...]


LABELS_HEAD = Head("emotion", Role.LABELS, SEVEN)
CROWD_HEAD = Head("crowd", Role.CROWD, (*SEVEN, *OTHER_ANSWERS.values()))
HEADS: Mapping[str, tuple[Head, ...]] = {"labels": (LABELS_HEAD,), "both": (LABELS_HEAD, CROWD_HEAD)}


def softmax(logits: FloatArray) -> FloatArray:
    """Return the probabilities along the last axis, float32 of the same shape."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What each head should give for N pictures, and how much each picture weighs.

    `by_head` holds float32 [N, labels] by the head's name, `weights` float32 [N].
    """

    by_head: Mapping[str, FloatArray]
    weights: Mapping[str, FloatArray]

    def weighted(self, by: FloatArray) -> Targets:
        """Return the same targets with each weight multiplied by a factor, float32 [N]."""
        return Targets(self.by_head, {name: weight * by for name, weight in self.weights.items()})

    def joined(self, other: Targets) -> Targets:
        """Return these targets followed by the others."""
        return Targets(
            {name: np.concatenate([target, other.by_head[name]]) for name, target in self.by_head.items()},
            {name: np.concatenate([weight, other.weights[name]]) for name, weight in self.weights.items()},
        )


def targets_for(heads: Sequence[Head], samples: Samples, votes: Votes | None, crowd_weight: float) -> Targets:
    """Return each head's targets, every picture with the weight 1.

    The labels' head learns FER-2013's labels, with FER+'s votes mixed in by `crowd_weight`; the crowd's head learns the
    votes, uint8 [N, 10] in FER+'s order, and needs them.
    """
    targets = {LABELS_HEAD.name: label_targets(samples, votes, crowd_weight)}
    if CROWD_HEAD in heads and votes is not None:
        targets[CROWD_HEAD.name] = crowd_targets(votes)
    return Targets(targets, {name: np.ones(len(samples), np.float32) for name in targets})


def negative_targets(heads: Sequence[Head], count: int) -> Targets:
    """Return targets for pictures without a face: only the crowd's head learns from them, by the label "not a face"."""
    targets = {head.name: np.zeros((count, len(head.labels)), np.float32) for head in heads}
    targets[CROWD_HEAD.name][:, CROWD_HEAD.labels.index(NOT_A_FACE)] = 1
    weights = {head.name: np.full(count, head is CROWD_HEAD, np.float32) for head in heads}
    return Targets(targets, weights)


def label_targets(samples: Samples, votes: Votes | None, crowd_weight: float) -> FloatArray:
    """Return targets float32 [N, 7]: FER-2013's labels, FER+'s votes, or a mix of the two by `crowd_weight`, 0 to 1.

    A picture without a vote for one of the seven emotions keeps its label.
    """
    labels = np.eye(len(SEVEN), dtype=np.float32)[samples.labels]
    if votes is None:
        return labels
    seven = crowd_votes(votes)[:, : len(SEVEN)]
    voted = seven.sum(axis=1, keepdims=True)
    crowd = np.where(voted > 0, seven / np.maximum(voted, 1), labels)
    return np.asarray((1 - crowd_weight) * labels + crowd_weight * crowd, dtype=np.float32)


def crowd_targets(votes: Votes) -> FloatArray:
    """Return the shares of FER+'s votes, float32 [N, 10], in the order of the crowd's head.

    A picture without any vote counts as not a face.
    """
    ordered = crowd_votes(votes)
    none = ordered.sum(axis=1) == 0
    ordered[none, CROWD_HEAD.labels.index(NOT_A_FACE)] = 1
    return np.asarray(ordered / ordered.sum(axis=1, keepdims=True), dtype=np.float32)


def crowd_votes(votes: Votes) -> FloatArray:
    """Return FER+'s votes, float32 [N, 10], in the order of the crowd's head."""
    named = {VOTED_EMOTION[name]: number for number, name in enumerate(VOTE_COLUMNS) if name in VOTED_EMOTION}
    order = [*(named[emotion] for emotion in EMOTIONS), *(VOTE_COLUMNS.index(name) for name in OTHER_ANSWERS)]
    return votes[:, order].astype(np.float32)
