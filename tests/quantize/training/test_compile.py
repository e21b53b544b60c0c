"""Tests of stages, schedules and callbacks."""

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.training.checkpoint import Checkpoint
from quantize.training.compile import callbacks, prepare, stages
from quantize.training.recipe import Recipe

keras = pytest.importorskip("keras")


def test_stages_and_schedules():
    """Frozen epochs make a first stage that trains only the head; on a plateau the constant rate is lowered."""
    from quantize.networks.architectures.registry import ARCHITECTURES

    recipe = Recipe(epochs=10, frozen_epochs=3, schedule="plateau")
    first, second = stages(recipe)
    assert (first.end, second.first, second.end) == (3, 3, 10)
    assert second.learning_rate == pytest.approx(recipe.learning_rate / 10)
    model = ARCHITECTURES["mobilenetv3-small"]()
    prepare(model, recipe, first, 5)
    head_only = len(model.trainable_weights)
    prepare(model, recipe, second, 5)
    assert head_only == 2 < len(model.trainable_weights)
    assert float(model.optimizer.learning_rate) == pytest.approx(second.learning_rate)
    names = [type(each).__name__ for each in callbacks(Checkpoint(Path("nowhere")), recipe, second, None)]
    assert "ReduceLROnPlateau" in names


def test_a_loss_that_is_not_finite_ends_the_training(tmp_path):
    """A loss that is not a finite number ends the training before the epoch is saved; the message says what to do."""
    recipe = Recipe(epochs=2, learning_rate=3.0)
    checkpoint = Checkpoint.beside(tmp_path / "model.keras")
    checkpoint.begin({})
    (stage,) = stages(recipe)
    wrong, right = np.full((8, 1), np.nan, np.float32), np.zeros((8, 1), np.float32)
    for targets, validated, name in ((wrong, right, "loss"), (right, wrong, "val_loss")):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["accuracy"])
        chosen = callbacks(checkpoint, recipe, stage, None)
        with pytest.raises(DataError, match=rf"the {name} is nan in epoch 1: .* lower --learning-rate \(3\)"):
            model.fit(right, targets, validation_data=(right, validated), epochs=2, callbacks=chosen, verbose=0)
        next(each for each in chosen if isinstance(each, keras.callbacks.CSVLogger)).csv_file.close()
    assert not checkpoint.accuracies()
    assert not checkpoint.kept.exists()
