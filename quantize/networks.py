"""Trained networks as Keras files: read, asked for their logits, with the facts that training wrote beside them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import DataError
from assistant.preprocess import standardise
from quantize.heads import HEADS, LABELS_HEAD, Array, Head

Gray = npt.NDArray[np.uint8]


def load(path: Path) -> Any:
    """Read a .keras file; DataError when it is none."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    import quantize.fake_quantization
    import quantize.finder.network
    import quantize.fused_normalisation  # noqa: F401 - all three register their layers with Keras

    try:
        return keras.models.load_model(path, compile=False)
    except (ValueError, OSError, TypeError, KeyError) as error:  # each for another way of being none
        raise DataError(f"{path}: is no Keras model: {str(error).splitlines()[0]}") from error


def heads_of(model: Any) -> tuple[Head, ...]:
    """The outputs of a network, in the order of `HEADS`."""
    if not isinstance(model.output, dict):
        return (LABELS_HEAD,)
    return tuple(head for head in HEADS["both"] if head.name in model.output)


def logits(model: Any, pixels: Gray) -> dict[str, Array]:
    """The logits, float32 [N, labels] by the head's name, of gray faces uint8 [N, 48, 48]."""
    return named(model.predict(standardise(pixels)[..., np.newaxis], batch_size=256, verbose=0))


def named(said: Any) -> dict[str, Array]:
    """What a network answered, float32 [N, labels] by the head's name."""
    by_name = said if isinstance(said, dict) else {LABELS_HEAD.name: said}
    return {name: np.asarray(values, dtype=np.float32) for name, values in by_name.items()}


def facts_path(model: Path) -> Path:
    """Where the facts about a trained model stand."""
    return model.with_name(f"{model.stem}-facts.json")


def training_facts(keras_model: Path) -> dict[str, Any]:
    """Read the facts that training wrote beside a model; DataError when either is not there."""
    if not keras_model.is_file():
        raise DataError(f"{keras_model}: there is no such model")
    path = facts_path(keras_model)
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        facts["recipe"]["seed"]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{path}: the facts that training writes beside the model cannot be read: {error}") from error
    return facts
