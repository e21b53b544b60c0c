"""Trains a small output for an emotion network that is trained already.

The network itself does not change: the output learns from the features that come before its last convolution.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import INPUT_SIZE_PX, FloatArray, standardise
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.setting import setting
from quantize.data.samples import Gray
from quantize.networks.added_outputs import digest, tap
from quantize.networks.keras_files import input_picture, load
from quantize.networks.tflite_files import Picture
from quantize.progress import progress_bar
from quantize.training.facts import facts_path

PICTURES_AT_ONCE = 500

Features = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class OutputRecipe:
    """How the output is trained; each field is an option of the command line."""

    epochs: int = setting(12, "Epochs; more learn the pictures more closely", low=1, high=10_000)
    batch: int = setting(512, "Pictures in a batch; more give smoother steps", low=2, high=65_536)
    learning_rate: float = setting(2e-3, "Highest learning rate; a larger one learns faster, or not at all", low=1e-6)
    weight_decay: float = setting(1e-3, "Weight decay of AdamW; more keeps the weights smaller")


@dataclass(frozen=True, slots=True)
class Output:
    """An output that is not trained yet."""

    name: str
    layers: Callable[[Any], Any]
    """Returns the logits for features [batch, height, width, channels]."""

    def network(self, shape: tuple[int, ...]) -> Any:
        """Return an untrained network from features of this shape [height, width, channels] to the logits."""
        import keras

        source = keras.layers.Input(shape)
        return keras.Model(source, self.layers(source), name=f"{self.name}_head")


def load_emotion_network(path: Path) -> Any:
    """Read an emotion network; DataError is raised for a network that cannot get a further output."""
    network = load(path)
    if input_picture(path, network) != Picture(INPUT_SIZE_PX, INPUT_SIZE_PX, 1):
        raise DataError(f"{path}: takes other pictures than {INPUT_SIZE_PX}x{INPUT_SIZE_PX} gray ones")
    tap(network)
    return network


def features_of(network: Any, crops: Gray, seed: int) -> Features:
    """Return the network's features of crops [N, 48, 48], float16 [N, height, width, channels]; half are mirrored."""
    import keras

    trunk = keras.Model(network.input, tap(network))
    mirrored = np.random.default_rng(seed).random(len(crops)) < 0.5
    features: Any = None
    for start in progress_bar(range(0, len(crops), PICTURES_AT_ONCE), "computing features"):
        part = crops[start : start + PICTURES_AT_ONCE].copy()
        turn = mirrored[start : start + PICTURES_AT_ONCE]
        part[turn] = part[turn, :, ::-1]
        made = trunk.predict(standardise(part)[..., np.newaxis], batch_size=PICTURES_AT_ONCE, verbose=0)
        if features is None:
            features = np.empty((len(crops), *made.shape[1:]), np.float16)
        features[start : start + len(part)] = made
    return np.asarray(features, np.float16)


def train_output(
    output: Output, features: Features, wanted: FloatArray, recipe: OutputRecipe, seed: int
) -> tuple[Any, float]:
    """Train an output; return its network, and the last epoch's loss.

    `wanted` are probabilities, float32 [N, logits].
    """
    import keras

    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    network = output.network(features.shape[1:])
    network.compile(
        keras.optimizers.AdamW(recipe.learning_rate, weight_decay=recipe.weight_decay),
        keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.01),
    )
    losses: list[float] = []
    for epoch in progress_bar(range(recipe.epochs), "training"):
        rate = recipe.learning_rate * 0.5 * (1 + np.cos(np.pi * epoch / recipe.epochs))
        network.optimizer.learning_rate.assign(rate)
        order, losses = rng.permutation(len(wanted)), []
        for start in range(0, len(order), recipe.batch):
            chosen = order[start : start + recipe.batch]
            losses.append(float(network.train_on_batch(features[chosen].astype(np.float32), wanted[chosen])))
    plain = output.network(features.shape[1:])  # without the optimizer's state, which would be stored too
    plain.set_weights(network.get_weights())
    return plain, round(float(np.mean(losses)), 4)


def output_facts(emotion: Path, recipe: OutputRecipe, seed: int) -> dict[str, Any]:
    """Return the facts of a training: for which network, and how."""
    return {"emotion_network": digest(emotion), "recipe": {**asdict(recipe), "seed": seed}}


def write_output(out: Path, output: Any, facts: dict[str, Any]) -> None:
    """Write the output as a .keras file, with the facts of its training beside it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as unfinished:
        output.save(unfinished)
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
