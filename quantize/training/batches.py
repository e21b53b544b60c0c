"""What a network is shown in training: batches of augmented pictures, their targets and weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import standardise
from assistant.emotions import EMOTIONS
from quantize.data.augment import Augmentation
from quantize.networks.outputs import Array, Targets
from quantize.training.distillation import LiveTeachers

Gray = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]


def class_weights(labels: Labels) -> Array:
    """A weight for each label of uint8 [N], float32 [N], 1 on average: emotions weigh alike."""
    counts = np.bincount(labels, minlength=len(EMOTIONS))
    weights = len(labels) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return weights[labels].astype(np.float32)


def drawn_order(labels: Labels, rng: np.random.Generator, *, oversample: bool) -> Indices:
    """The order of an epoch: every picture once, or as many drawn so that each emotion comes equally often."""
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
    """Above 0 when a training goes on."""
    process: int = 0
    processes: int = 1
    """Each process is given its share of every batch."""
    devices: int = 1
    """In all; each batch can be shared out evenly among them."""
    live_teachers: LiveTeachers | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Pictures to learn from: `pixels` uint8 [N, 48, 48], the goals, and for drawing evenly the labels uint8 [N].

    What comes after the labels' length, pictures without a face, has none and is shown once an epoch.
    """

    pixels: Gray
    goals: Targets
    labels: Labels

    def order(self, rng: np.random.Generator, *, oversample: bool) -> Indices:
        """The order of an epoch."""
        order = drawn_order(self.labels, rng, oversample=oversample)
        rest = np.arange(len(self.labels), len(self.pixels))
        return rng.permutation(np.concatenate([order, rest])) if len(rest) else order


def alone_or_named(values: Mapping[str, Array]) -> Any:
    """What Keras takes for the outputs of a network: an array for one, a dictionary by name for several."""
    return next(iter(values.values())) if len(values) == 1 else dict(values)


def augmented_batches(training_set: TrainingSet, how: Batching) -> Any:
    """A Keras data set of (inputs, targets, weights); each epoch and batch draws from a seed of its own."""
    import keras

    class AugmentedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
        """Shuffled anew in each epoch."""

        def __init__(self) -> None:
            super().__init__(workers=1)
            self.epoch = how.first_epoch
            self._shuffle()

        def __len__(self) -> int:
            return math.ceil(len(self._order) / how.batch_size)

        def __getitem__(self, index: int) -> tuple[Array, Any, Any]:
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
) -> tuple[Array, Any, Any]:
    pictures = how.augmentation.apply(training_set.pixels[chosen], rng)
    other, share = how.augmentation.mixing(len(chosen), rng)
    by = share[:, np.newaxis, np.newaxis]
    mixed = by * pictures + (1 - by) * pictures[other] if how.augmentation.mixup else pictures
    inputs = standardise(mixed)[..., np.newaxis]
    targets: dict[str, Array] = {}
    weights: dict[str, Array] = {}
    for name, target in training_set.goals.targets.items():
        own = share * training_set.goals.weights[name][chosen]
        others = (1 - share) * training_set.goals.weights[name][chosen][other]
        weights[name] = np.asarray(own + others, dtype=np.float32)
        sums = own[:, np.newaxis] * target[chosen] + others[:, np.newaxis] * target[chosen][other]
        targets[name] = np.asarray(sums / np.maximum(weights[name], 1e-9)[:, np.newaxis], dtype=np.float32)
    if how.live_teachers is not None:
        faces = (chosen < len(training_set.labels)).astype(np.float32)
        targets = how.live_teachers.teach(targets, inputs, share * faces + (1 - share) * faces[other])
    return inputs, alone_or_named(targets), alone_or_named(weights)
