"""Prepares a network for training by Keras: optimizer, loss, schedule, callbacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from quantize.networks.face_output import FACE_OUTPUT
from quantize.networks.outputs import Head
from quantize.training.checkpoint import Checkpoint
from quantize.training.recipe import Balance, Keep, Recipe, Schedule


@dataclass(frozen=True, slots=True)
class Stage:
    """Epochs that are trained in one call of `fit`, from `first` to the one before `end`."""

    number: int
    first: int
    end: int
    learning_rate: float
    frozen: bool = False


def stages(recipe: Recipe) -> list[Stage]:
    """Return the stages: one, or two, with the trunk frozen in the first and a lower learning rate in the second."""
    frozen = recipe.frozen_epochs
    if not frozen:
        return [Stage(0, 0, recipe.epochs, recipe.learning_rate)]
    fine = recipe.learning_rate * recipe.fine_tuning
    return [Stage(0, 0, frozen, recipe.learning_rate, frozen=True), Stage(1, frozen, recipe.epochs, fine)]


def prepare(model: Any, recipe: Recipe, stage: Stage, steps_per_epoch: int) -> None:
    """Freeze the trunk or make it trainable, as the stage says, and compile the model."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            layer.trainable = not stage.frozen
    averaged_steps = recipe.average_epochs * steps_per_epoch
    optimizer = keras.optimizers.AdamW(
        _learning_rate(recipe, stage, steps_per_epoch),
        weight_decay=recipe.weight_decay,
        use_ema=averaged_steps > 0,
        ema_momentum=1 - 1 / max(1.0, averaged_steps),
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    focal = Balance.FOCAL in recipe.balance
    kind = keras.losses.CategoricalFocalCrossentropy if focal else keras.losses.CategoricalCrossentropy

    heads = recipe.output_heads()
    losses = _for_each(heads, lambda: kind(from_logits=True, label_smoothing=recipe.label_smoothing))
    metrics, weights = _for_each(heads, lambda: ["accuracy"]), None
    if recipe.candidates:
        losses[FACE_OUTPUT] = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.01)
        weights = {**{head.name: 1.0 for head in heads}, FACE_OUTPUT: recipe.face_weight}
        metrics[FACE_OUTPUT] = []
    model.compile(optimizer, losses, loss_weights=weights, weighted_metrics=[], metrics=metrics)


def _for_each(heads: tuple[Head, ...], build: Callable[[], Any]) -> Any:
    return build() if len(heads) == 1 else {head.name: build() for head in heads}


def _learning_rate(recipe: Recipe, stage: Stage, steps_per_epoch: int) -> Any:
    import keras

    if recipe.schedule == Schedule.PLATEAU:
        return stage.learning_rate
    warmup = round(recipe.warmup_epochs * steps_per_epoch)
    return keras.optimizers.schedules.CosineDecay(
        stage.learning_rate / 20,
        decay_steps=max(1, (stage.end - stage.first) * steps_per_epoch - warmup),
        warmup_target=stage.learning_rate,
        warmup_steps=warmup,
    )


def callbacks(checkpoint: Checkpoint, recipe: Recipe, stage: Stage, tensorboard: Path | None) -> list[Any]:
    """Return Keras's callbacks: kept model, checkpoint, log, and those that the recipe asks for."""
    from keras import callbacks as keras_callbacks

    best = max(checkpoint.accuracies(), default=None)
    watched = {"monitor": "val_accuracy", "mode": "max"}
    chosen = [_finite_loss(recipe)]
    if len(recipe.output_heads()) > 1:
        chosen.append(_mean_accuracy(recipe.output_heads()))
    if recipe.schedule == Schedule.PLATEAU:
        chosen.append(keras_callbacks.ReduceLROnPlateau(factor=1 / 3, patience=recipe.plateau_epochs))
    # The order matters. When an epoch is logged, its state and the kept model are saved already. The state holds the
    # weights that are trained, the kept model their moving average.
    chosen.append(
        keras_callbacks.BackupAndRestore(
            str(checkpoint.state(stage.number)), delete_checkpoint=False, double_checkpoint=True
        )
    )
    if recipe.average_epochs:
        chosen.append(keras_callbacks.SwapEMAWeights(swap_on_epoch=True))
    chosen += [
        keras_callbacks.ModelCheckpoint(
            str(checkpoint.kept), save_best_only=recipe.keep == Keep.BEST, initial_value_threshold=best, **watched
        ),
        keras_callbacks.CSVLogger(str(checkpoint.log), append=True),
    ]
    if recipe.patience:
        chosen.append(keras_callbacks.EarlyStopping(patience=recipe.patience, baseline=best, **watched))
    if tensorboard is not None:
        chosen.append(keras_callbacks.TensorBoard(str(tensorboard)))
    return chosen


def _finite_loss(recipe: Recipe) -> Any:
    import keras

    class FiniteLoss(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        """Ends a training whose loss is no longer a finite number, before the epoch is saved."""

        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            del logs
            self.epoch = epoch + 1

        def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
            del batch
            self._check(logs, "loss")

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            del epoch
            self._check(logs, "loss", "val_loss")

        def _check(self, logs: dict[str, float] | None, *names: str) -> None:
            for name in names:
                value = float((logs or {}).get(name, 0.0))
                if not math.isfinite(value):
                    started = "" if recipe.start == "none" else f", or {recipe.start} is damaged"
                    raise DataError(
                        f"the {name} is {value} in epoch {self.epoch}: the steps are too large{started}; lower "
                        f"--learning-rate ({recipe.learning_rate:g}) and train again without --resume"
                    )

    return FiniteLoss()


def _mean_accuracy(heads: tuple[Head, ...]) -> Any:
    import keras

    class MeanAccuracy(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        """Adds the mean of the outputs' accuracies to the log, which the callbacks after this one watch."""

        def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
            del epoch
            for part in ("", "val_"):
                logs[f"{part}accuracy"] = sum(logs[f"{part}{head.name}_accuracy"] for head in heads) / len(heads)

    return MeanAccuracy()
