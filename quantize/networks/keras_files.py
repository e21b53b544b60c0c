"""Trained networks as Keras files: read, and asked for what they say of faces."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import INPUT_SIZE_PX, FloatArray, standardise
from assistant.errors import DataError
from assistant.networks.interpreter import standard_error_silenced
from quantize.networks.outputs import HEADS, LABELS_HEAD, Array, Head
from quantize.networks.tflite_files import Picture

Gray = npt.NDArray[np.uint8]

ASKED_AT_ONCE = 256
"""Pictures."""


def load_keras(backend: str | None = None) -> Any:
    """Keras on this backend; by default on the one that KERAS_BACKEND names, or else on TensorFlow."""
    if backend is not None:
        os.environ["KERAS_BACKEND"] = backend
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    with standard_error_silenced():
        import keras
    return keras


def load(path: Path) -> Any:
    """Read a .keras file; DataError when it is none."""
    keras = load_keras()
    import quantize.networks.depth_to_space
    import quantize.networks.fused_batch_norm
    import quantize.networks.quantization_aware  # noqa: F401 - all three register their layers with Keras

    if not path.is_file():
        raise DataError(f"{path}: there is no such model")
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras, h5py, zipfile and json raise kinds of their own for each byte that is wrong
        raise DataError(f"{path}: is no Keras model: {_why_not(path, error)}") from error


def _why_not(path: Path, error: Exception) -> str:
    """The reason in words: Keras's own, of many lines, name what it met inside."""
    said = str(error)
    if "safe_mode" in said or "Lambda" in said:
        return "it holds code (a Lambda layer), which is not run"
    if "Could not locate" in said:
        return f"it has a layer that this program does not know ({said.splitlines()[0]})"
    if not zipfile.is_zipfile(path):
        return "it is not a file that Keras 3 saves as .keras, or it is cut off"
    return "it is damaged, or of another version of Keras"


def heads_of(model: Any) -> tuple[Head, ...]:
    """The outputs of a network, in the order of `HEADS`."""
    if not isinstance(model.output, dict):
        return (LABELS_HEAD,)
    return tuple(head for head in HEADS["both"] if head.name in model.output)


def numbers(path: Path, model: Any) -> dict[str, int]:
    """How many numbers each output of a network gives a picture; a single output is called as the labels' head."""
    outputs = model.output
    if isinstance(outputs, list | tuple):
        outputs = {f"output {place}": each for place, each in enumerate(outputs)}
    by_name = outputs if isinstance(outputs, dict) else {LABELS_HEAD.name: outputs}
    shapes = {name: tuple(each.shape) for name, each in by_name.items()}
    for name, shape in shapes.items():
        if len(shape) != 2 or shape[-1] is None:
            raise DataError(
                f"{path}: its output {name!r} is of the shape {list(shape)}, not a row of numbers a picture"
            )
    return {name: int(shape[-1]) for name, shape in shapes.items()}


def input_picture(path: Path, model: Any) -> Picture:
    """The size of the pictures that a network is shown; DataError when it is shown something else."""
    shape = () if isinstance(model.input, dict | list | tuple) else tuple(model.input.shape)
    if len(shape) != 4 or shape[3] not in (1, 3):
        raise DataError(f"{path}: its input is {list(shape) or 'several'}, not one picture, gray or in colour")
    return Picture(shape[1] or INPUT_SIZE_PX, shape[2] or INPUT_SIZE_PX, shape[3])


def logits(path: Path, model: Any, pixels: Gray) -> dict[str, Array]:
    """The logits, float32 [N, labels] by the head's name, of gray faces uint8 [N, 48, 48], by the model read there.

    DataError when one of them is not a finite number.
    """
    said = answers(model, pixels, lambda part: standardise(part)[..., np.newaxis])
    if not all(np.isfinite(values).all() for values in said.values()):
        raise DataError(f"{path}: what this network says is not a finite number for every picture: it is damaged")
    return said


def answers(model: Any, pixels: Gray, prepared: Callable[[Gray], FloatArray]) -> dict[str, Array]:
    """What a network says, float32 [N, numbers] by the output's name, of faces uint8 [N, 48, 48] once prepared."""
    each = []
    for start in range(0, len(pixels), ASKED_AT_ONCE):
        part = prepared(pixels[start : start + ASKED_AT_ONCE])
        each.append(named(model.predict(part, batch_size=ASKED_AT_ONCE, verbose=0)))
    return {name: np.concatenate([said[name] for said in each]) for name in each[0]}


def named(said: Any) -> dict[str, Array]:
    """What a network answered, float32 [N, labels] by the head's name."""
    by_name = said if isinstance(said, dict) else {LABELS_HEAD.name: said}
    return {name: np.asarray(values, dtype=np.float32) for name, values in by_name.items()}
