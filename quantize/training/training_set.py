"""What a training learns from and is validated on: FER-2013's `Training` rows, FER+'s votes, a teacher's scores."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.preprocess import standardise
from assistant.errors import DataError
from quantize.data.dataset import DataSet, read_samples
from quantize.data.ferplus import Votes
from quantize.data.negatives import false_alarms
from quantize.data.samples import Samples
from quantize.data.split import split_validation
from quantize.networks.outputs import Targets, not_a_face, targets_for
from quantize.training.batches import TrainingSet, alone_or_named, class_weights
from quantize.training.distillation import distilled, read_scores, scores
from quantize.training.recipe import Balance, Recipe


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that a training is made from."""

    data: DataSet
    weights: Path | str | None = None
    """Of the trunk: a file, or `imagenet`, which keras.applications fetches."""
    teacher: Path | None = None
    """A .keras model, or its scores on the training rows (.npz)."""
    start: Path | None = None
    """A .keras model to go on from."""
    live_teachers: tuple[Path, ...] = ()
    """.keras models that are asked of each picture as it is shown."""


def parts(data: DataSet, seed: int, limit: int | None = None) -> tuple[Samples, Samples]:
    """Training and validation, both cut from the `Training` rows; of these the first `limit` only."""
    samples = read_samples(data, "Training")
    if limit is not None:
        samples = samples.take(np.arange(min(limit, len(samples)), dtype=np.int64))
    return split_validation(samples, seed)


def split_digest(validation: Samples) -> str:
    """What tells one validation part from another: SHA-256 of its rows and labels."""
    return hashlib.sha256(validation.row.tobytes() + validation.labels.tobytes()).hexdigest()


def validation_of(data: DataSet, facts: Mapping[str, Any]) -> tuple[Samples, Samples]:
    """Training and validation as a model with these facts, or this card, met them.

    DataError when the data are others: then pictures that it was trained on would validate it.
    """
    training, validation = parts(data, facts["recipe"]["seed"], facts.get("limit"))
    if facts.get("validation_sha256", split_digest(validation)) != split_digest(validation):
        raise DataError(f"{data.path}: is not what the model was trained and validated on")
    return training, validation


def build_training_set(training: Samples, sources: Sources, recipe: Recipe, votes: Votes | None) -> TrainingSet:
    """Pictures, goals and weights as the recipe asks for them; `votes` are FER+'s on every row of the data."""
    wanted = _goals(training, votes, recipe, recipe.crowd_weight)
    if sources.teacher is not None:
        stored = sources.teacher.suffix == ".npz"
        said = read_scores(sources.teacher, training.row) if stored else scores([sources.teacher], training)
        wanted = distilled(wanted, said, recipe.teacher_weight)
    if Balance.CLASS_WEIGHTS in recipe.balance:
        wanted = wanted.weighted(class_weights(training.labels))
    if not recipe.not_faces:
        return TrainingSet(training.pixels, wanted, training.labels)
    pixels = false_alarms(recipe.not_faces, recipe.seed, training.pixels)
    joined = wanted.joined(not_a_face(recipe.answered(), len(pixels)))
    return TrainingSet(np.concatenate([training.pixels, pixels]), joined, training.labels)


def validation_data(samples: Samples, votes: Votes | None, recipe: Recipe, devices: int) -> tuple[Any, Any]:
    """Inputs and targets for Keras; as many pictures as the devices can share out evenly."""
    whole = samples.take(np.arange(len(samples) // devices * devices, dtype=np.int64))
    targets = _goals(whole, votes, recipe, 0.0).targets
    return standardise(whole.pixels)[..., np.newaxis], alone_or_named(targets)


def _goals(samples: Samples, votes: Votes | None, recipe: Recipe, crowd_weight: float) -> Targets:
    return targets_for(recipe.answered(), samples, None if votes is None else votes[samples.row], crowd_weight)
