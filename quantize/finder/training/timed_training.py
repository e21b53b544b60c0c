"""Trains a compiled network for a given time; an interrupted training goes on from its checkpoint."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from assistant.errors import ConfigError, DataError
from assistant.files import replaced_atomically
from quantize.finder.frames.workers import FrameWorkers
from quantize.finder.training.recipe import FinderRecipe

WARMUP = 0.02
"""The share of the time over which the learning rate rises."""

MIN_RATE = 0.01
"""The learning rate at the end, as a share of the highest rate."""


class TimedTraining:
    """A training whose progress is the time that was spent; it sets the rate, logs, and writes the checkpoint."""

    def __init__(self, model: Any, recipe: FinderRecipe, checkpoint: Path) -> None:
        self._model, self._recipe, self._checkpoint = model, recipe, checkpoint
        self._spent_s, self._since_s = 0.0, 0.0
        self.rounds = 0
        self.losses: list[float] = []

    @property
    def frames(self) -> int:
        """The number of frames that the network has learned from."""
        return self.rounds * self._recipe.round_steps * self._recipe.batch

    def resume(self) -> None:
        """Go on from the checkpoint.

        A checkpoint that is missing or damaged raises DataError, a checkpoint of another network ConfigError.
        """
        try:
            with np.load(self._checkpoint) as stored:
                spent_s, rounds = stored["progress"]
                values = [stored[f"value_{i}"] for i in range(len(self._variables()))]
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{self._checkpoint}: there is no checkpoint to go on from: {error}") from error
        for variable, value in zip(self._variables(), values, strict=True):
            if tuple(variable.shape) != value.shape:
                raise ConfigError(f"{self._checkpoint}: is the checkpoint of another network")
            variable.assign(value)
        self._spent_s, self.rounds = float(spent_s), int(rounds)

    def run(self, packed: Path, seed: int) -> None:
        """Train for the recipe's time, on frames of the packed pictures that are drawn by `seed`."""
        recipe = self._recipe
        after_round = keras.callbacks.LambdaCallback(on_epoch_end=self._end_round)
        with FrameWorkers(packed, recipe.size, recipe.batch, recipe.workers, seed + self.rounds) as workers:
            batches = workers.batches()
            next(batches)  # the processes have started, which takes long and is not part of the training's time
            self._since_s = time.monotonic()
            self._set_rate()
            self._model.fit(
                batches,
                steps_per_epoch=recipe.round_steps,
                epochs=1_000_000,
                callbacks=[after_round],
                verbose=0,
                shuffle=False,
            )

    def remove_checkpoint(self) -> None:
        """Remove the checkpoint, once the training's result is written."""
        self._checkpoint.unlink(missing_ok=True)

    def _end_round(self, _: int, logs: dict[str, float]) -> None:
        now = time.monotonic()
        self._spent_s += now - self._since_s
        self._since_s = now
        self.rounds += 1
        self.losses.append(round(float(logs["loss"]), 4))
        if not math.isfinite(self.losses[-1]):
            raise DataError("the loss is no longer a number; train again with a lower --learning-rate")
        print(f"{self._spent_s / 60:7.2f} min  {self.frames:9d} frames  loss {self.losses[-1]:.4f}", flush=True)
        self._write_checkpoint()
        self._set_rate()
        self._model.stop_training = self._done() >= 1

    def _done(self) -> float:
        return self._spent_s / (60 * self._recipe.minutes)

    def _set_rate(self) -> None:
        """Set the learning rate, which rises in a line and then falls in a half cosine."""
        done = min(self._done(), 1.0)
        falling = MIN_RATE + (1 - MIN_RATE) * (1 + math.cos(math.pi * done)) / 2
        self._model.optimizer.learning_rate = self._recipe.learning_rate * min(falling, (done + 0.002) / WARMUP)

    def _variables(self) -> list[Any]:
        return [*self._model.variables, *self._model.optimizer.variables]

    def _write_checkpoint(self) -> None:
        values: dict[str, Any] = {
            f"value_{i}": np.asarray(keras.ops.convert_to_numpy(each)) for i, each in enumerate(self._variables())
        }
        self._checkpoint.parent.mkdir(parents=True, exist_ok=True)
        with replaced_atomically(self._checkpoint) as unfinished, unfinished.open("wb") as file:
            np.savez(file, progress=np.array([self._spent_s, self.rounds]), **values)
