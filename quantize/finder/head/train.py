"""Trains an output of the emotion network that distinguishes faces from other things.

The network itself does not change: the output learns from the features that come before its last convolution.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from assistant.emotion.preprocess import INPUT_SIZE_PX, standardise
from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.candidates import Candidates
from quantize.finder.head.recipe import HeadRecipe
from quantize.networks.face_output import digest, face_layers, tap
from quantize.networks.keras_files import input_picture, load
from quantize.networks.tflite_files import Picture
from quantize.progress import progress_bar
from quantize.training.facts import facts_path

PICTURES_AT_ONCE = 500

Features = npt.NDArray[np.float16]


def train_head(network: Any, candidates: Candidates, recipe: HeadRecipe, seed: int) -> tuple[Any, float]:
    """Return the trained output, from features [height, width, channels] to one logit, and the last epoch's loss.

    `network` is the trained emotion network, which does not change.
    """
    features, rng = features_of(network, candidates.crops, seed), np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    head = head_network(features.shape[1:])
    head.compile(
        keras.optimizers.AdamW(recipe.learning_rate, weight_decay=recipe.weight_decay),
        keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.01),
    )
    wanted = candidates.is_face.astype(np.float32)[:, np.newaxis]
    losses: list[float] = []
    for epoch in progress_bar(range(recipe.epochs), "training"):
        head.optimizer.learning_rate.assign(recipe.learning_rate * 0.5 * (1 + np.cos(np.pi * epoch / recipe.epochs)))
        order, losses = rng.permutation(len(wanted)), []
        for start in range(0, len(order), recipe.batch):
            chosen = order[start : start + recipe.batch]
            losses.append(float(head.train_on_batch(features[chosen].astype(np.float32), wanted[chosen])))
    plain = head_network(features.shape[1:])  # without the optimizer's state, which would be stored too
    plain.set_weights(head.get_weights())
    return plain, round(float(np.mean(losses)), 4)


def head_network(shape: tuple[int, ...]) -> Any:
    """Return the untrained output for features of this shape [height, width, channels]."""
    source = layers.Input(shape)
    return keras.Model(source, face_layers(source), name="face_head")


def features_of(network: Any, crops: npt.NDArray[np.uint8], seed: int) -> Features:
    """Return the network's features of these crops, float16 [N, height, width, channels]; half of them mirrored."""
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


def load_emotion_network(path: Path) -> Any:
    """Read an emotion network; DataError is raised for a network that cannot get an output for faces."""
    network = load(path)
    if input_picture(path, network) != Picture(INPUT_SIZE_PX, INPUT_SIZE_PX, 1):
        raise DataError(f"{path}: takes other pictures than {INPUT_SIZE_PX}x{INPUT_SIZE_PX} gray ones")
    tap(network)
    return network


def facts_of(emotion: Path, recipe: HeadRecipe, seed: int, candidates: Candidates) -> dict[str, Any]:
    """Return the facts of a training: for which network, how, and from how many candidates."""
    return {
        "emotion_network": digest(emotion),
        "recipe": {**asdict(recipe), "seed": seed},
        "candidates": len(candidates.is_face),
        "faces": int(candidates.is_face.sum()),
    }


def write_head(out: Path, head: Any, facts: dict[str, Any]) -> None:
    """Write the output as a .keras file, with the facts of its training beside it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as unfinished:
        head.save(unfinished)
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
