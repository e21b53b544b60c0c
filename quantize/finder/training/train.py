"""Trains the finder for a given time, on any backend of Keras."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
from keras import ops

from assistant.errors import ConfigError
from quantize.finder.data.packing import packed_file
from quantize.finder.training.facts import read_facts, write_facts
from quantize.finder.training.learning_network import learning_network, plain_network, start_from
from quantize.finder.training.loss import FinderLoss, joined
from quantize.finder.training.network import finder_network
from quantize.finder.training.recipe import FinderRecipe
from quantize.finder.training.timed_training import TimedTraining


@dataclass(frozen=True, slots=True)
class Options:
    """How a training is run, beside its recipe."""

    seed: int
    start: Path | None = None
    """A trained finder to go on from."""
    resume: bool = False
    """Whether an interrupted training of the same file goes on."""
    quantization_aware: bool = False
    """Whether the network rounds as int8 does."""
    gpu: bool = False
    """Whether numbers are bfloat16 and depthwise convolutions are sums of shifted pictures, which is fast on a GPU."""


def train(data: Path, out: Path, recipe: FinderRecipe, options: Options) -> dict[str, Any]:
    """Train on the pictures that `pack` put into the folder `data`; write `out` (.keras) with its facts.

    Returns the facts. Options that contradict each other raise ConfigError; a checkpoint that is missing, or a folder
    that `pack` did not make, raises DataError.
    """
    _check(recipe, options)
    packed = packed_file(data)
    keras.utils.set_random_seed(options.seed)
    if options.gpu:
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    network = finder_network(*recipe.size)
    if options.start is not None:
        start_from(network, options.start)
    learning = learning_network(network, quantization_aware=options.quantization_aware, shifted=options.gpu)
    training = TimedTraining(_compiled(learning, recipe), recipe, out.with_name(f"{out.stem}-state.npz"))
    if options.resume:
        training.resume()
    training.run(packed, options.seed)
    out.parent.mkdir(parents=True, exist_ok=True)
    plain_network(learning, quantization_aware=options.quantization_aware).save(out)
    facts = _facts(network, packed, recipe, options, training)
    write_facts(out, facts)
    training.remove_checkpoint()
    return facts


def _check(recipe: FinderRecipe, options: Options) -> None:
    if options.quantization_aware and options.start is None:
        raise ConfigError("--quantization-aware: needs --start, a trained finder")
    if options.quantization_aware and recipe.extent != "whole":
        raise ConfigError("--quantization-aware: needs --extent whole")


def _compiled(learning: Any, recipe: FinderRecipe) -> Any:
    """Return the model that learns from pictures as they are stored, uint8."""
    picture = keras.Input((*recipe.size, 1), dtype="uint8")
    model = keras.Model(picture, joined(learning(ops.cast(picture, "float32") / 128 - 1)))
    optimizer = keras.optimizers.AdamW(recipe.learning_rate, weight_decay=recipe.weight_decay, clipnorm=5.0)
    optimizer.build(model.trainable_variables)
    jit = keras.backend.backend() == "jax" or "auto"
    model.compile(optimizer, loss=FinderLoss(*recipe.size), jit_compile=jit)
    return model


def _facts(
    network: Any, packed: Path, recipe: FinderRecipe, options: Options, training: TimedTraining
) -> dict[str, Any]:
    before = [] if options.start is None else read_facts(options.start)["trainings"]
    this_training = {
        "seed": options.seed,
        "backend": keras.backend.backend(),
        **asdict(recipe),
        "quantization_aware": options.quantization_aware,
        "gpu": options.gpu,
        "frames": training.frames,
        "loss": training.losses[-1] if training.losses else None,
    }
    return {
        "architecture": {"name": network.name, "parameters": int(network.count_params())},
        "training_data": f"{packed.name}, sha256 {hashlib.sha256(packed.read_bytes()).hexdigest()}",
        "trainings": [*before, this_training],
    }
