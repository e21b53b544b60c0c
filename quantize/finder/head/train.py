"""Trains an output of the emotion network that distinguishes faces from other things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from quantize.data.candidates import Candidates
from quantize.networks.face_output import FACE_OUTPUT, face_layers
from quantize.training.added_output import Output, OutputRecipe, features_of, output_facts, train_output


def train_head(network: Any, candidates: Candidates, recipe: OutputRecipe, seed: int) -> tuple[Any, float]:
    """Return the trained output, from features [height, width, channels] to one logit, and the last epoch's loss.

    `network` is the trained emotion network, which does not change.
    """
    features = features_of(network, candidates.crops, seed)
    wanted = candidates.is_face.astype(np.float32)[:, np.newaxis]
    return train_output(Output(FACE_OUTPUT, face_layers), features, wanted, recipe, seed)


def facts_of(emotion: Path, recipe: OutputRecipe, seed: int, candidates: Candidates) -> dict[str, Any]:
    """Return the facts of a training: for which network, how, and from how many candidates."""
    faces = int(candidates.is_face.sum())
    return {**output_facts(emotion, recipe, seed), "candidates": len(candidates.is_face), "faces": faces}
