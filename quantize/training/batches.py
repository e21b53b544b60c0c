"""Makes what a network is shown in training: batches of augmented pictures, their targets and weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray, standardise
from assistant.emotions import EMOTIONS
from quantize.data.augment import Augmentation, Indices
from quantize.data.samples import Gray
from quantize.networks.outputs import Targets
from quantize.training.distillation import LiveTeachers

Labels = npt.NDArray[np.uint8]


def class_weights(labels: Labels) -> FloatArray:
    """Return a weight for each picture, float32 [N], from its label uint8 [N].

    All pictures of an emotion together weigh as much as those of every other; the mean weight is 1.
    """
    counts = np.bincount(labels, minlength=len(EMOTIONS))
    weights = len(labels) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return weights[labels].astype(np.float32)


def epoch_order(labels: Labels, rng: np.random.Generator, *, oversample: bool) -> Indices:
    """Draw the order of an epoch: every picture once, or as many pictures so that each emotion comes equally often."""
    if not oversample:
        return rng.permutation(len(labels))
    weights = class_weights(labels).astype(np.float64)
    return rng.choice(len(labels), size=len(labels), p=weights / weights.sum())


@dataclass(frozen=True, slots=True)
class Batching:
    """How batches are made of pictures."""

    augmentation: Augmentation
    batch_size: int
    seed: int
    oversample: bool = False
    first_epoch: int = 0
    """The epoch to begin with; it is above 0 when a training is resumed."""
    process: int = 0
    processes: int = 1
    """Each of these processes is given its share of every batch."""
    devices: int = 1
    """The number of all devices; every batch can be divided evenly among them."""
    live_teachers: LiveTeachers | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Pictures to learn from, uint8 [N, 48, 48], their targets, and the labels uint8 [M] of the first M pictures.

    The labels are needed to draw each emotion equally often. After the first M pictures come those without a face,
    which are shown once an epoch; at the end come the candidates, of which each epoch shows others.
    """

    pixels: Gray
    targets: Targets
    labels: Labels
    candidates: int = 0
    """How many of the last pictures are candidates."""
    shown: int = 0
    """How many candidates an epoch shows."""

    def order(self, rng: np.random.Generator, *, oversample: bool) -> Indices:
        """Draw the order of an epoch."""
        order = epoch_order(self.labels, rng, oversample=oversample)
        first = len(self.pixels) - self.candidates
        others = np.arange(len(self.labels), first)
        if self.candidates:
            chosen = rng.choice(self.candidates, size=min(self.shown, self.candidates), replace=False)
            others = np.concatenate([others, first + chosen])
        return rng.permutation(np.concatenate([order, others])) if len(others) else order


def for_keras(values: Mapping[str, FloatArray]) -> Any:
    """Return what Keras takes for the outputs of a network: an array for one output, a dictionary for several."""
    return next(iter(values.values())) if len(values) == 1 else dict(values)


def augmented_batches(training_set: TrainingSet, how: Batching) -> Any:
    """Return a Keras data set of (inputs, targets, weights); each epoch and each batch draws from its own seed."""
    import keras

    class AugmentedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
        """The batches of an epoch; every epoch has another order."""

        def __init__(self) -> None:
            super().__init__(workers=1)
            self.epoch = how.first_epoch
            self._shuffle()

        def __len__(self) -> int:
            return math.ceil(len(self._order) / how.batch_size)

        def __getitem__(self, index: int) -> tuple[FloatArray, Any, Any]:
            batch = self._order[index * how.batch_size : (index + 1) * how.batch_size]
            chosen = batch[how.process :: how.processes]
            rng = np.random.default_rng((how.seed, self.epoch, index, *([how.process] if how.process else [])))
            return _batch(training_set, chosen, how, rng)

        def on_epoch_end(self) -> None:
            self.epoch += 1
            self._shuffle()

        def _shuffle(self) -> None:
            order = training_set.order(np.random.default_rng((how.seed, self.epoch)), oversample=how.oversample)
            self._order = order[: len(order) // how.devices * how.devices]

    return AugmentedBatches()


def _batch(
    training_set: TrainingSet, chosen: Indices, how: Batching, rng: np.random.Generator
) -> tuple[FloatArray, Any, Any]:
    pictures = how.augmentation.apply(training_set.pixels[chosen], rng)
    other, share = how.augmentation.mixing(len(chosen), rng)
    by = share[:, np.newaxis, np.newaxis]
    mixed = by * pictures + (1 - by) * pictures[other] if how.augmentation.mixup else pictures
    inputs = standardise(mixed)[..., np.newaxis]
    targets, weights = _mixed_targets(training_set.targets, chosen, other, share)
    if how.live_teachers is not None:
        faces = (chosen < len(training_set.labels)).astype(np.float32)
        targets = how.live_teachers.distil(targets, inputs, share * faces + (1 - share) * faces[other])
    return inputs, for_keras(targets), for_keras(weights)


def _mixed_targets(
    targets: Targets, chosen: Indices, other: Indices, share: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Targets and weights of pictures that are mixed with others, by the head's name."""
    mixed: dict[str, FloatArray] = {}
    weights: dict[str, FloatArray] = {}
    for name, target in targets.by_head.items():
        own = share * targets.weights[name][chosen]
        others = (1 - share) * targets.weights[name][chosen][other]
        weights[name] = np.asarray(own + others, dtype=np.float32)
        sums = own[:, np.newaxis] * target[chosen] + others[:, np.newaxis] * target[chosen][other]
        mixed[name] = np.asarray(sums / np.maximum(weights[name], 1e-9)[:, np.newaxis], dtype=np.float32)
    return mixed, weights
