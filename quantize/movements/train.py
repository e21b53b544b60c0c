"""Trains an output of the emotion network for the movements of a face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from quantize.data.augment import Augmentation
from quantize.data.movements import MovingFaces
from quantize.networks.movement_output import MOVEMENT_OUTPUT, movement_layers
from quantize.training.added_output import Output, OutputRecipe, features_of, output_facts, train_output

AS_A_HEADSET_SEES = Augmentation(flip=0.0, erase=0.1, degrade=0.5)
"""Each face is also learned from a copy that is changed like this."""


def train_movements(network: Any, faces: MovingFaces, recipe: OutputRecipe, seed: int) -> tuple[Any, float]:
    """Return the trained output, from features [height, width, channels] to logits, and the last epoch's loss.

    `network` is the trained emotion network, which does not change. Faces for validation are not learned from.
    """
    learned = faces.take(~faces.validation)
    changed = AS_A_HEADSET_SEES.apply(learned.crops, np.random.default_rng(seed))
    features = features_of(network, np.concatenate([learned.crops, changed]), seed)
    output, shown = Output(MOVEMENT_OUTPUT, movement_layers), np.concatenate([learned.shown, learned.shown])
    return train_output(output, features, shown, recipe, seed)


def facts_of(emotion: Path, recipe: OutputRecipe, seed: int, faces: MovingFaces) -> dict[str, Any]:
    """Return the facts of a training: for which network, how, and from how many faces."""
    return {**output_facts(emotion, recipe, seed), "faces": int((~faces.validation).sum())}
