"""Trains the finder for a given time, on any backend of Keras; an interrupted training goes on where it was."""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from assistant.errors import ConfigError, DataError
from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX
from assistant.files import replaced_atomically
from quantize.finder.factory import FrameFactory
from quantize.finder.loss import FinderLoss, joined
from quantize.finder.network import finder_network
from quantize.finder.packing import data_of
from quantize.finder.recipe import FinderRecipe
from quantize.networks.cloning import cloned
from quantize.networks.fused_batch_norm import with_fused_normalisation
from quantize.training.facts import facts_path

WARMUP = 0.02
"""Share of the time over which the rate rises."""

LEAST_RATE = 0.01
"""Of the highest rate, at the end."""


class ShiftedDepthwiseConv2D(layers.DepthwiseConv2D):  # type: ignore[misc]  # Keras ships no types
    """A convolution of each channel by itself as a sum of shifted pictures: on a GPU, JAX runs this faster."""

    def call(self, inputs: Any) -> Any:
        """Convolve."""
        (size, _), (stride, _) = self.kernel_size, self.strides
        height, width = inputs.shape[1:3]
        pads = [max((math.ceil(side / stride) - 1) * stride + size - side, 0) for side in (height, width)]
        around = ops.pad(inputs, [(0, 0), *((pad // 2, pad - pad // 2) for pad in pads), (0, 0)])
        kernel = ops.cast(self.kernel, inputs.dtype)
        rows, columns = (math.ceil(side / stride) for side in (height, width))
        total: Any = 0.0
        for i in range(size):
            for j in range(size):
                part = around[:, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (columns - 1) + 1 : stride]
                total = total + part * kernel[i, j, :, 0]
        return total + ops.cast(self.bias, inputs.dtype) if self.use_bias else total


def train(  # noqa: PLR0913 - a training has so many sides
    data: Path,
    out: Path,
    recipe: FinderRecipe,
    *,
    seed: int,
    start: Path | None = None,
    resume: bool = False,
    quantization_aware: bool = False,
    gpu: bool = False,
) -> dict[str, Any]:
    """Train on what `pack` put into the folder `data`, and write `out` (.keras) with its facts; returns the facts.

    `start` is a network to go on from; with `gpu`, numbers are bfloat16 and depthwise convolutions sums of shifted
    pictures. DataError when there is nothing to go on from.
    """
    if quantization_aware and start is None:
        raise ConfigError("--quantization-aware: needs --start, a trained finder")
    if quantization_aware and recipe.extent != "whole":
        raise ConfigError("--quantization-aware: needs --extent whole")
    packed = data_of(data)
    keras.utils.set_random_seed(seed)
    if gpu:
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    network = finder_network(*recipe.size)
    if start is not None:
        _begin_with(network, start)
    learning = _learning(network, quantization_aware=quantization_aware, shifted=gpu)
    progress = Progress(_compiled(learning, recipe), recipe, out.with_name(f"{out.stem}-state.npz"))
    if resume:
        progress.resume()
    progress.learn(packed, seed)
    _plain(learning, quantization_aware=quantization_aware).save(_made(out))
    done = {
        "seed": seed,
        "backend": keras.backend.backend(),
        **asdict(recipe),
        "quantization_aware": quantization_aware,
        "gpu": gpu,
        "frames": progress.frames,
        "loss": progress.losses[-1] if progress.losses else None,
    }
    facts = {
        "architecture": {"name": network.name, "parameters": int(network.count_params())},
        "training_data": f"{packed.name}, sha256 {hashlib.sha256(packed.read_bytes()).hexdigest()}",
        "trainings": [*([] if start is None else training_facts(start)["trainings"]), done],
    }
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    progress.forget()
    return facts


def _compiled(learning: Any, recipe: FinderRecipe) -> Any:
    """The model that learns from pictures as they are stored, uint8."""
    picture = keras.Input((*recipe.size, 1), dtype="uint8")
    model = keras.Model(picture, joined(learning(ops.cast(picture, "float32") / 128 - 1)))
    optimizer = keras.optimizers.AdamW(recipe.learning_rate, weight_decay=recipe.weight_decay, clipnorm=5.0)
    optimizer.build(model.trainable_variables)
    jit = keras.backend.backend() == "jax" or "auto"
    model.compile(optimizer, loss=FinderLoss(*recipe.size), jit_compile=jit)
    return model


def _made(out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    return out


def _begin_with(network: Any, start: Path) -> None:
    """Take over the weights of a trained finder, of whatever size its pictures were."""
    from quantize.networks.keras_files import load

    try:
        network.set_weights(load(start).get_weights())
    except ValueError:
        raise ConfigError(f"--start {start}: is a network of other layers than the finder's") from None


def training_facts(keras_model: Path) -> dict[str, Any]:
    """The facts that training wrote beside a finder; DataError when they cannot be read."""
    path = facts_path(keras_model)
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        facts["architecture"], facts["training_data"], facts["trainings"][0]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, IndexError) as error:
        raise DataError(f"{path}: the facts that training writes beside the finder cannot be read: {error}") from error
    return facts


def _learning(network: Any, *, quantization_aware: bool, shifted: bool) -> Any:
    """The network as it is trained."""
    if quantization_aware:
        from quantize.networks.quantization_aware import with_rounding

        return with_rounding(network)
    if shifted:
        network = cloned(network, {layers.DepthwiseConv2D: ShiftedDepthwiseConv2D})
    return with_fused_normalisation(network)


def _plain(learning: Any, *, quantization_aware: bool) -> Any:
    """The network that was trained, as it is stored: plain layers, float32."""
    keras.mixed_precision.set_global_policy("float32")
    if quantization_aware:
        from quantize.networks.quantization_aware import without_rounding

        return without_rounding(learning)
    plain = finder_network(FRAME_HEIGHT_PX, FRAME_WIDTH_PX)
    for layer in plain.layers:
        layer.set_weights(learning.get_layer(layer.name).get_weights())
    return plain


class Progress:
    """How far a training is, by the time that was spent; it sets the rate, writes the log and the checkpoint."""

    def __init__(self, model: Any, recipe: FinderRecipe, state: Path) -> None:
        self._model, self._recipe, self._state = model, recipe, state
        self._spent_s, self._since_s = 0.0, 0.0
        self.rounds = 0
        self.losses: list[float] = []

    def resume(self) -> None:
        """Go on from the checkpoint; DataError when there is none, ConfigError when it is of another network."""
        try:
            with np.load(self._state) as stored:
                spent = stored["progress"]
                values = [stored[f"value_{i}"] for i in range(len(self._variables()))]
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{self._state}: there is no checkpoint to go on from: {error}") from error
        for variable, value in zip(self._variables(), values, strict=True):
            if tuple(variable.shape) != value.shape:
                raise ConfigError(f"{self._state}: is the checkpoint of another network")
            variable.assign(value)
        self._spent_s, self.rounds = float(spent[0]), int(spent[1])

    def learn(self, packed: Path, seed: int) -> None:
        """Learn for the time that the recipe says, from frames that are drawn by `seed`."""
        recipe = self._recipe
        after_round = keras.callbacks.LambdaCallback(on_epoch_end=self._round_ended)
        with FrameFactory(packed, recipe.size, recipe.batch, recipe.workers, seed + self.rounds) as factory:
            batches = factory.batches()
            next(batches)  # the processes have begun: what follows is time spent learning
            self._since_s = time.monotonic()
            self._set_rate()
            self._model.fit(
                batches, steps_per_epoch=recipe.round_steps, epochs=1_000_000, callbacks=[after_round], verbose=0
            )

    @property
    def frames(self) -> int:
        """How many frames it has learned from."""
        return self.rounds * self._recipe.round_steps * self._recipe.batch

    def forget(self) -> None:
        """Remove the checkpoint: the training has ended."""
        self._state.unlink(missing_ok=True)

    def _round_ended(self, _: int, logs: dict[str, float]) -> None:
        now = time.monotonic()
        self._spent_s += now - self._since_s
        self._since_s = now
        self.rounds += 1
        self.losses.append(round(float(logs["loss"]), 4))
        if not math.isfinite(self.losses[-1]):
            raise DataError("the loss is no longer a number; train again with a lower --learning-rate")
        print(f"{self._spent_s / 60:7.2f} min  {self.frames:9d} frames  loss {self.losses[-1]:.4f}", flush=True)
        self._keep()
        self._set_rate()
        self._model.stop_training = self._done() >= 1

    def _done(self) -> float:
        return self._spent_s / (60 * self._recipe.minutes)

    def _set_rate(self) -> None:
        """Up in a line, then down in a half cosine."""
        done = min(self._done(), 1.0)
        falling = LEAST_RATE + (1 - LEAST_RATE) * (1 + math.cos(math.pi * done)) / 2
        self._model.optimizer.learning_rate = self._recipe.learning_rate * min(falling, (done + 0.002) / WARMUP)

    def _variables(self) -> list[Any]:
        return [*self._model.variables, *self._model.optimizer.variables]

    def _keep(self) -> None:
        values: dict[str, Any] = {
            f"value_{i}": np.asarray(keras.ops.convert_to_numpy(each)) for i, each in enumerate(self._variables())
        }
        self._state.parent.mkdir(parents=True, exist_ok=True)
        with replaced_atomically(self._state) as unfinished, unfinished.open("wb") as file:
            np.savez(file, progress=np.array([self._spent_s, self.rounds]), **values)
