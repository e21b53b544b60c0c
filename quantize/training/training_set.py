"""Builds what a training learns from and is validated on, from FER-2013's `Training` rows and FER+'s votes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from assistant.emotion.preprocess import standardise
from assistant.errors import DataError
from quantize.data.candidates import joined, read_candidates
from quantize.data.dataset import DataSet, read_samples
from quantize.data.ferplus import Votes
from quantize.data.negatives import false_alarms
from quantize.data.samples import Samples
from quantize.data.split import split_validation
from quantize.networks.face_output import candidate_targets, with_emotions, with_face_targets
from quantize.networks.outputs import Targets, negative_targets, targets_for
from quantize.training.batches import TrainingSet, class_weights, for_keras
from quantize.training.distillation import distilled, mean_scores, read_scores
from quantize.training.recipe import Balance, Recipe
from quantize.training.sources import Sources


def training_and_validation(data: DataSet, seed: int, limit: int | None = None) -> tuple[Samples, Samples]:
    """Return the training and the validation part of the `Training` rows, or of the first `limit` of these rows."""
    samples = read_samples(data, "Training")
    if limit is not None:
        samples = samples.take(np.arange(min(limit, len(samples)), dtype=np.int64))
    return split_validation(samples, seed)


def split_digest(validation: Samples) -> str:
    """Return the SHA-256 of the rows and labels of a validation part, which identifies it."""
    return hashlib.sha256(validation.row.tobytes() + validation.labels.tobytes()).hexdigest()


def validation_of(data: DataSet, facts: Mapping[str, Any]) -> tuple[Samples, Samples]:
    """Return the training part and the validation part that a model with these facts, or this card, was trained with.

    Other data raise DataError, because pictures that the model was trained on would validate it.
    """
    training, validation = training_and_validation(data, facts["recipe"]["seed"], facts.get("limit"))
    if facts.get("validation_sha256", split_digest(validation)) != split_digest(validation):
        raise DataError(f"{data.path}: is not what the model was trained and validated on")
    return training, validation


def build_training_set(training: Samples, sources: Sources, recipe: Recipe, votes: Votes | None) -> TrainingSet:
    """Return pictures, targets and weights as the recipe asks for them; `votes` are FER+'s on every row of the data."""
    targets = _targets(training, votes, recipe, recipe.crowd_weight)
    if sources.teacher is not None:
        stored = sources.teacher.suffix == ".npz"
        scores = (
            read_scores(sources.teacher, training.row) if stored else mean_scores([sources.teacher], training.pixels)
        )
        targets = distilled(targets, scores, recipe.teacher_weight)
    if Balance.CLASS_WEIGHTS in recipe.balance:
        targets = targets.weighted(class_weights(training.labels))
    pixels = training.pixels
    if recipe.not_faces:
        negatives = false_alarms(recipe.not_faces, recipe.seed, training.pixels)
        targets = targets.joined(negative_targets(recipe.output_heads(), len(negatives)))
        pixels = np.concatenate([pixels, negatives])
    if not sources.candidates:
        return TrainingSet(pixels, targets, training.labels)
    candidates = joined([read_candidates(path) for path in sources.candidates])
    from_candidates = candidate_targets(recipe.output_heads(), candidates.is_face)
    if sources.start is not None and recipe.candidate_emotions:
        scores = mean_scores([sources.start], candidates.crops[candidates.is_face])
        from_candidates = with_emotions(from_candidates, candidates.is_face, scores, recipe.candidate_emotions)
    targets = with_face_targets(targets).joined(from_candidates)
    pixels = np.concatenate([pixels, candidates.crops])
    return TrainingSet(pixels, targets, training.labels, len(candidates.crops), recipe.candidates_shown)


def validation_data(samples: Samples, votes: Votes | None, recipe: Recipe, devices: int) -> tuple[Any, Any, Any]:
    """Return inputs, targets and weights for Keras, of as many pictures as can be divided evenly among the devices."""
    whole = samples.take(np.arange(len(samples) // devices * devices, dtype=np.int64))
    targets = _targets(whole, votes, recipe, 0.0)
    if recipe.candidates:
        targets = with_face_targets(targets)
    return standardise(whole.pixels)[..., np.newaxis], for_keras(targets.by_head), for_keras(targets.weights)


def _targets(samples: Samples, votes: Votes | None, recipe: Recipe, crowd_weight: float) -> Targets:
    return targets_for(recipe.output_heads(), samples, None if votes is None else votes[samples.row], crowd_weight)
