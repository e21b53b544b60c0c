"""Trains a network on FER-2013's training part and keeps the weights that validate best."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.preprocess import NORMALISATION, standardise
from quantize.architectures import ARCHITECTURES
from quantize.augment import Augmentation
from quantize.batches import Balance, Batching, augmented_batches, targets
from quantize.datasets import Samples, read_samples
from quantize.fer2013 import read_votes
from quantize.split import split_validation


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what a training makes; it is written beside the model and into its card."""

    architecture: str = "compact"
    epochs: int = 60
    batch_size: int = 128
    learning_rate: float = 2e-3
    """Of AdamW, at its height: it rises over the first epochs and falls to zero along a cosine."""
    warmup_epochs: int = 2
    weight_decay: float = 5e-2
    label_smoothing: float = 0.1
    augmentation: Augmentation = dataclasses.field(default_factory=Augmentation)
    balance: tuple[Balance, ...] = ()
    crowd_weight: float = 0.0
    """How much of each target FER+'s votes are; the rest is FER-2013's label."""
    patience: int | None = None
    """Training ends after this many epochs without a better one."""
    seed: int = 2013


def train(  # noqa: PLR0913 - where from and where to
    data: Path,
    out: Path,
    recipe: Recipe,
    *,
    ferplus: Path | None = None,
    limit: int | None = None,
    resume: bool = False,
    tensorboard: Path | None = None,
) -> dict[str, Any]:
    """Train on the `Training` part of `data`; write the best model to `out`, its facts and curves beside it.

    `limit` takes only that many pictures, for a trial. An interrupted training leaves a checkpoint beside `out`, which
    `resume` goes on from. Returns the facts: the recipe and the validation accuracy.
    """
    training, validation = _parts(data, recipe.seed, limit)
    votes = None if ferplus is None else read_votes(ferplus, training.row)
    goals = targets(training, votes, recipe.crowd_weight)
    checkpoint = _checkpoint(out, resume=resume)
    done = _done_epochs(checkpoint)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    keras.utils.set_random_seed(recipe.seed)
    how = Batching(recipe.augmentation, frozenset(recipe.balance), recipe.batch_size, recipe.seed, len(done))
    batches = augmented_batches(training, goals, how)
    _compiled(recipe, steps_per_epoch=len(batches)).fit(
        batches,
        validation_data=(standardise(validation.pixels)[..., np.newaxis], targets(validation, None, 0.0)),
        epochs=recipe.epochs,
        callbacks=_callbacks(checkpoint, max(done, default=None), recipe.patience, tensorboard),
    )
    facts = _facts(data, recipe, training, validation, _done_epochs(checkpoint))
    _keep(checkpoint, out, facts)
    return facts


def facts_path(model: Path) -> Path:
    """Where the facts about a trained model stand."""
    return model.with_name(f"{model.stem}-facts.json")


def _parts(data: Path, seed: int, limit: int | None) -> tuple[Samples, Samples]:
    samples = read_samples(data, "Training")
    if limit is not None:
        samples = samples.take(np.arange(min(limit, len(samples)), dtype=np.int64))
    return split_validation(samples, seed)


def _checkpoint(out: Path, *, resume: bool) -> Path:
    """The folder of an unfinished training."""
    folder = out.with_name(f"{out.stem}-checkpoint")
    if resume and not (folder / "log.csv").is_file():
        raise DataError(f"{folder}: there is no checkpoint to go on from; train without --resume")
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _done_epochs(checkpoint: Path) -> list[float]:
    """The validation accuracy of each epoch that was trained."""
    log = checkpoint / "log.csv"
    if not log.is_file():
        return []
    with log.open(newline="", encoding="utf-8") as file:
        return [float(row["val_accuracy"]) for row in csv.DictReader(file)]


def _compiled(recipe: Recipe, steps_per_epoch: int) -> Any:
    import keras

    warmup = recipe.warmup_epochs * steps_per_epoch
    schedule = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / 20,
        decay_steps=max(1, recipe.epochs * steps_per_epoch - warmup),
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
    )
    model = ARCHITECTURES[recipe.architecture]()
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    focal = Balance.FOCAL in recipe.balance
    losses = keras.losses
    loss = losses.CategoricalFocalCrossentropy if focal else losses.CategoricalCrossentropy
    model.compile(
        optimizer,
        loss(from_logits=True, label_smoothing=recipe.label_smoothing),
        weighted_metrics=[],
        metrics=["accuracy"],
    )
    return model


def _callbacks(checkpoint: Path, best: float | None, patience: int | None, tensorboard: Path | None) -> list[Any]:
    import keras

    callbacks = keras.callbacks
    watched = {"monitor": "val_accuracy", "mode": "max"}
    chosen = [  # in this order: an epoch that stands in the log has its state saved
        callbacks.ModelCheckpoint(
            str(checkpoint / "best.keras"), save_best_only=True, initial_value_threshold=best, **watched
        ),
        callbacks.BackupAndRestore(str(checkpoint / "state"), delete_checkpoint=False),
        callbacks.CSVLogger(str(checkpoint / "log.csv"), append=True),
    ]
    if patience is not None:
        chosen.append(callbacks.EarlyStopping(patience=patience, baseline=best, **watched))
    if tensorboard is not None:
        chosen.append(callbacks.TensorBoard(str(tensorboard)))
    return chosen


def _facts(
    data: Path, recipe: Recipe, training: Samples, validation: Samples, accuracies: list[float]
) -> dict[str, Any]:
    return {
        "recipe": dataclasses.asdict(recipe),
        "normalisation": NORMALISATION,
        "data": data.name,
        "training_pictures": len(training),
        "validation_pictures": len(validation),
        "validation_accuracy": round(max(accuracies), 4),
        "best_epoch": accuracies.index(max(accuracies)) + 1,
    }


def _keep(checkpoint: Path, out: Path, facts: dict[str, Any]) -> None:
    """Put the best model, its log, curves and facts in place, and remove the checkpoint."""
    from quantize.plots import curves

    with replaced_atomically(out.with_suffix(".png")) as unfinished:
        unfinished.write_bytes(curves(checkpoint / "log.csv", out.stem))
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    shutil.move(checkpoint / "log.csv", out.with_suffix(".log.csv"))
    (checkpoint / "best.keras").replace(out)
    shutil.rmtree(checkpoint)
