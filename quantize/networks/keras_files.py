"""Reads trained networks from Keras files, and runs them on faces."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.preprocess import INPUT_SIZE_PX, FloatArray, standardise
from assistant.errors import DataError
from assistant.networks.interpreter import standard_error_silenced
from quantize.data.samples import Gray
from quantize.networks.outputs import HEADS, LABELS_HEAD, Head
from quantize.networks.tflite_files import Picture

PICTURES_AT_ONCE = 256


def load_keras(backend: str | None = None) -> Any:
    """Import Keras, without the lines that its backend writes to standard error.

    Without `backend`, Keras uses the backend that KERAS_BACKEND names, otherwise TensorFlow.
    """
    if backend is not None:
        os.environ["KERAS_BACKEND"] = backend
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    with standard_error_silenced():
        import keras
    return keras


def load(path: Path) -> Any:
    """Read a .keras file; a file that is missing, damaged or of another kind raises DataError."""
    keras = load_keras()
    import quantize.networks.depth_to_space
    import quantize.networks.fused_batch_norm
    import quantize.networks.quantization_aware  # noqa: F401 - all three register their layers with Keras

    if not path.is_file():
        raise DataError(f"{path}: there is no such model")
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras, h5py, zipfile and json raise different exceptions for each kind of damage
        raise DataError(f"{path}: is not a Keras model: {_reason(path, error)}") from error


def _reason(path: Path, error: Exception) -> str:
    """Return the reason in one line; Keras's own messages have many lines and name its internals."""
    message = str(error)
    if "safe_mode" in message or "Lambda" in message:
        return "it holds code (a Lambda layer), which is not run"
    if "Could not locate" in message:
        return f"it has a layer that this program does not know ({message.splitlines()[0]})"
    if not zipfile.is_zipfile(path):
        return "it is not a file that Keras 3 saves as .keras, or it is cut off"
    return "it is damaged, or of another version of Keras"


def heads_of(model: Any) -> tuple[Head, ...]:
    """Return the outputs of a network of this project, in the order of `HEADS`."""
    if not isinstance(model.output, dict):
        return (LABELS_HEAD,)
    return tuple(head for head in HEADS["both"] if head.name in model.output)


def output_sizes(path: Path, model: Any) -> dict[str, int]:
    """Return how many numbers each output of a network gives for a picture, by the output's name.

    A single output has the name of the labels' head. An output that is not a row of numbers raises DataError.
    """
    outputs = model.output
    if isinstance(outputs, list | tuple):
        outputs = {f"output {place}": each for place, each in enumerate(outputs)}
    by_name = outputs if isinstance(outputs, dict) else {LABELS_HEAD.name: outputs}
    shapes = {name: tuple(each.shape) for name, each in by_name.items()}
    for name, shape in shapes.items():
        if len(shape) != 2 or shape[-1] is None:
            raise DataError(
                f"{path}: its output {name!r} has the shape {list(shape)}; a row of numbers for each picture is needed"
            )
    return {name: int(shape[-1]) for name, shape in shapes.items()}


def input_picture(path: Path, model: Any) -> Picture:
    """Return the size of the pictures that a network takes; an input that is not one picture raises DataError."""
    shape = () if isinstance(model.input, dict | list | tuple) else tuple(model.input.shape)
    if len(shape) != 4 or shape[3] not in (1, 3):
        raise DataError(
            f"{path}: its input is {list(shape) or 'several arrays'}; one picture, gray or in colour, is needed"
        )
    return Picture(shape[1] or INPUT_SIZE_PX, shape[2] or INPUT_SIZE_PX, shape[3])


def logits(path: Path, model: Any, pixels: Gray) -> dict[str, FloatArray]:
    """Return the logits of a model for gray faces uint8 [N, 48, 48], float32 [N, labels] by the head's name.

    `path` is the file of the model, for messages. A logit that is not a finite number raises DataError.
    """
    by_name = outputs(model, pixels, lambda part: standardise(part)[..., np.newaxis])
    if not all(np.isfinite(values).all() for values in by_name.values()):
        raise DataError(f"{path}: its output is not a finite number for every picture: it is damaged")
    return by_name


def outputs(model: Any, pixels: Gray, prepare: Callable[[Gray], FloatArray]) -> dict[str, FloatArray]:
    """Return the outputs of a model for faces uint8 [N, 48, 48], float32 [N, numbers] by the output's name.

    `prepare` turns faces into the model's input.
    """
    parts = []
    for start in range(0, len(pixels), PICTURES_AT_ONCE):
        inputs = prepare(pixels[start : start + PICTURES_AT_ONCE])
        parts.append(named(model.predict(inputs, batch_size=PICTURES_AT_ONCE, verbose=0)))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def named(outputs: Any) -> dict[str, FloatArray]:
    """Return what Keras gave as the outputs of a network, float32 [N, numbers] by the output's name."""
    by_name = outputs if isinstance(outputs, dict) else {LABELS_HEAD.name: outputs}
    return {name: np.asarray(values, dtype=np.float32) for name, values in by_name.items()}
