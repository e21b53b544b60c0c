"""Trains a network on FER-2013's training part and keeps the weights that validate best."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.files import replaced_atomically
from assistant.preprocess import NORMALISATION, standardise
from quantize.architectures import ARCHITECTURES
from quantize.augment import Augmentation
from quantize.datasets import Samples, read_samples
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
    seed: int = 2013


def train(data: Path, out: Path, recipe: Recipe, *, limit: int | None = None) -> dict[str, Any]:
    """Train on the `Training` rows of `data` and write the best model to `out` and its facts beside it.

    `limit` takes only that many rows, for a trial. Returns the facts: the recipe and the validation accuracy.
    """
    samples = read_samples(data, "Training")
    if limit is not None:
        samples = samples.take(np.arange(min(limit, len(samples)), dtype=np.int64))
    training, validation = split_validation(samples, recipe.seed)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    keras.utils.set_random_seed(recipe.seed)
    batches = _batches(training, recipe)
    model = _compiled(recipe, steps_per_epoch=len(batches))
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as unfinished:
        history = model.fit(
            batches,
            validation_data=(standardise(validation.pixels)[..., np.newaxis], _one_hot(validation.labels)),
            epochs=recipe.epochs,
            callbacks=_callbacks(out, unfinished),
        )
    facts = _facts(data, recipe, training, validation, history.history)
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return facts


def facts_path(model: Path) -> Path:
    """Where the facts about a trained model stand."""
    return model.with_name(f"{model.stem}-facts.json")


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
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing)
    model.compile(optimizer, loss, metrics=["accuracy"])
    return model


def _callbacks(out: Path, unfinished: Path) -> list[Any]:
    import keras

    best = keras.callbacks.ModelCheckpoint(str(unfinished), monitor="val_accuracy", mode="max", save_best_only=True)
    return [best, keras.callbacks.CSVLogger(str(out.with_suffix(".log.csv")))]


def _batches(samples: Samples, recipe: Recipe) -> Any:
    import keras

    targets = _one_hot(samples.labels)

    class AugmentedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
        """Shuffled, augmented batches; each epoch and batch draws from a seed of its own."""

        epoch = 0

        def __init__(self) -> None:
            super().__init__(workers=1)
            self._shuffle()

        def __len__(self) -> int:
            return math.ceil(len(samples) / recipe.batch_size)

        def __getitem__(self, index: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
            chosen = self._order[index * recipe.batch_size : (index + 1) * recipe.batch_size]
            rng = np.random.default_rng((recipe.seed, self.epoch, index))
            changed = recipe.augmentation.apply(samples.pixels[chosen], rng)
            return standardise(changed)[..., np.newaxis], targets[chosen]

        def on_epoch_end(self) -> None:
            self.epoch += 1
            self._shuffle()

        def _shuffle(self) -> None:
            self._order = np.random.default_rng((recipe.seed, self.epoch)).permutation(len(samples))

    return AugmentedBatches()


def _one_hot(labels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    return np.eye(len(EMOTIONS), dtype=np.float32)[labels]


def _facts(
    data: Path, recipe: Recipe, training: Samples, validation: Samples, history: dict[str, list[float]]
) -> dict[str, Any]:
    accuracies = history["val_accuracy"]
    return {
        "recipe": dataclasses.asdict(recipe),
        "normalisation": NORMALISATION,
        "data": data.name,
        "training_pictures": len(training),
        "validation_pictures": len(validation),
        "validation_accuracy": round(max(accuracies), 4),
        "best_epoch": accuracies.index(max(accuracies)) + 1,
    }
