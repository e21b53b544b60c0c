"""Runs int8 TFLite files by ai-edge-litert, or by tflite-runtime where only that is installed."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents import read_bytes
from assistant.errors import ModelError

FloatArray = npt.NDArray[np.float32]

INTERPRETERS = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")
"""Modules with an `Interpreter`; the first is preferred, because it has XNNPACK's int8 kernels."""

LARGEST_MODEL_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Quantization:
    """How a tensor is stored: real = scale * (stored - zero_point)."""

    scale: float
    zero_point: int


def read_model(model: Path, sha256: str) -> bytes:
    """Return the content of a model whose card has this hash; ModelError says what is wrong with the file."""
    if not model.exists():
        raise ModelError(f"{model}: there is no such model file")
    content = read_bytes(model, ModelError, LARGEST_MODEL_BYTES)
    if not content:
        raise ModelError(f"{model}: the model is an empty file; copy it again")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"{model}: the model is not the file that its card names (SHA-256 differs); copy both again")
    return content


def load_interpreter(
    model: Path, content: bytes, interpreter: str | None = None, input_shape: Sequence[int] | None = None
) -> Any:
    """Return an interpreter on one thread, ready to run; messages name the file `model`.

    `interpreter` names one of `INTERPRETERS`, by default the first that is installed. With `input_shape`, the input has
    this shape instead of the file's.
    """
    try:
        with standard_error_silenced():
            loaded = _interpreter_class(interpreter)(model_content=content, num_threads=1)
            if input_shape is not None:
                loaded.resize_tensor_input(loaded.get_input_details()[0]["index"], list(input_shape))
            loaded.allocate_tensors()
    except (ValueError, RuntimeError, MemoryError) as error:  # a damaged size may ask for all memory
        raise ModelError(f"{model}: is not a TFLite model that can be run: {error}") from error
    return loaded


def named_outputs(model: Path, interpreter: Any) -> dict[str, Any]:
    """Return the details of each output by its name; ModelError where the outputs have no names."""
    try:
        outputs: dict[str, Any] = interpreter.get_signature_runner().get_output_details()
    except ValueError as error:
        raise ModelError(
            f"{model}: its outputs have no names, so the model is damaged or was made by another program"
        ) from error
    return outputs


def check_quantization(model: Path, name: str, expected: Quantization, details: Any) -> None:
    """Raise ModelError where a tensor is not stored as the card says."""
    scale, zero_point = details["quantization"]
    if details["dtype"] is not np.int8:
        raise ModelError(f"{model}: its {name} is {np.dtype(details['dtype']).name}, not int8")
    if not np.isclose(scale, expected.scale, rtol=1e-4) or zero_point != expected.zero_point:
        raise ModelError(f"{model}: its {name} is quantized by {scale:g}, {zero_point}, not as its card says")


def quantized(values: FloatArray, by: Quantization) -> npt.NDArray[np.int8]:
    """Return values as they are stored."""
    stored = np.round(values / np.float32(by.scale)) + by.zero_point
    return np.asarray(np.clip(stored, -128, 127), dtype=np.int8)


def dequantized(stored: npt.NDArray[np.int8], by: Quantization) -> FloatArray:
    """Return the values that stored numbers stand for."""
    return np.float32(by.scale) * (stored.astype(np.float32) - np.float32(by.zero_point))


@contextmanager
def standard_error_silenced() -> Iterator[None]:
    """Keep libraries in C++ from writing to standard error; their failures come as exceptions."""
    # They write to descriptor 2 and know no other way to be silenced. The descriptor is the whole process's, so this
    # is done only while a network is loaded: what another thread writes meanwhile is lost.
    standard_error = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)


def _interpreter_class(wanted: str | None) -> Any:
    for name in INTERPRETERS if wanted is None else (wanted,):
        try:
            return importlib.import_module(name).Interpreter
        except ImportError:
            continue
    raise ModelError("no TFLite interpreter is installed: pip install ai-edge-litert")
