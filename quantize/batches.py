"""What a network is shown in training: batches of augmented pictures, their targets and weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.preprocess import standardise
from quantize.augment import Augmentation
from quantize.datasets import Samples
from quantize.fer2013 import VOTE_COLUMNS, VOTED_EMOTION

Array = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


class Balance(StrEnum):
    """Ways against rare emotions, each alone or together."""

    CLASS_WEIGHTS = "class-weights"
    """Each emotion weighs as much in the loss as every other."""
    OVERSAMPLE = "oversample"
    """Each emotion is shown as often as every other, rare ones again and again."""
    FOCAL = "focal"
    """What is judged rightly and surely weighs little (T.-Y. Lin et al., ICCV 2017)."""


def targets(samples: Samples, votes: npt.NDArray[np.uint8] | None, crowd_weight: float) -> Array:
    """Targets float32 [N, 7]: FER-2013's labels, FER+'s votes, or a mix of the two by `crowd_weight`, 0 to 1.

    `votes` is uint8 [N, 10]. A picture that nobody gave one of the seven emotions keeps its label.
    """
    labels = np.eye(len(EMOTIONS), dtype=np.float32)[samples.labels]
    if votes is None:
        return labels
    columns = {VOTED_EMOTION[name]: number for number, name in enumerate(VOTE_COLUMNS) if name in VOTED_EMOTION}
    seven = votes[:, [columns[emotion] for emotion in EMOTIONS]].astype(np.float32)
    voted = seven.sum(axis=1, keepdims=True)
    crowd = np.where(voted > 0, seven / np.maximum(voted, 1), labels)
    return np.asarray((1 - crowd_weight) * labels + crowd_weight * crowd, dtype=np.float32)


def class_weights(samples: Samples) -> Array:
    """A weight for each sample, float32 [N], 1 on average: emotions weigh alike."""
    counts = np.bincount(samples.labels, minlength=len(EMOTIONS))
    weights = len(samples) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return weights[samples.labels].astype(np.float32)


def drawn_order(samples: Samples, rng: np.random.Generator, *, oversample: bool) -> Indices:
    """The order of an epoch: every sample once, or as many drawn so that each emotion comes equally often."""
    if not oversample:
        return rng.permutation(len(samples))
    weights = class_weights(samples).astype(np.float64)
    return rng.choice(len(samples), size=len(samples), p=weights / weights.sum())


@dataclass(frozen=True, slots=True)
class Batching:
    """How batches are made of samples."""

    augmentation: Augmentation
    balance: frozenset[Balance]
    batch_size: int
    seed: int
    first_epoch: int = 0
    """Above 0 when a training goes on."""


def augmented_batches(samples: Samples, goals: Array, how: Batching) -> Any:
    """A Keras data set of (inputs, targets, weights); each epoch and batch draws from a seed of its own."""
    import keras

    weights = class_weights(samples) if Balance.CLASS_WEIGHTS in how.balance else np.ones(len(samples), np.float32)

    class AugmentedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
        """Shuffled anew in each epoch."""

        def __init__(self) -> None:
            super().__init__(workers=1)
            self.epoch = how.first_epoch
            self._shuffle()

        def __len__(self) -> int:
            return math.ceil(len(samples) / how.batch_size)

        def __getitem__(self, index: int) -> tuple[Array, Array, Array]:
            chosen = self._order[index * how.batch_size : (index + 1) * how.batch_size]
            rng = np.random.default_rng((how.seed, self.epoch, index))
            pictures = how.augmentation.apply(samples.pixels[chosen], rng)
            mixed, goal = how.augmentation.mix(pictures, goals[chosen], rng)
            return standardise(mixed)[..., np.newaxis], goal, weights[chosen]

        def on_epoch_end(self) -> None:
            self.epoch += 1
            self._shuffle()

        def _shuffle(self) -> None:
            rng = np.random.default_rng((how.seed, self.epoch))
            self._order = drawn_order(samples, rng, oversample=Balance.OVERSAMPLE in how.balance)

    return AugmentedBatches()
