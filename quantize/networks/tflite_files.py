"""Converts networks to .tflite files of several forms, and runs such files."""

from __future__ import annotations

import io
import math
import warnings
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.documents import read_bytes
from assistant.emotion.preprocess import FloatArray
from assistant.errors import ConfigError, ModelError
from assistant.networks.interpreter import standard_error_silenced
from assistant.networks.trial import try_apart
from quantize.networks.outputs import LABELS_HEAD

LARGEST_BYTES = 1 << 30

_ELEMENT_BYTES = {0: 4, 1: 2, 2: 4, 3: 1, 4: 8, 6: 1, 7: 2, 9: 1, 10: 8}
"""Bytes of TFLite's tensor types float32, float16, int32, uint8, int64, bool, int16, int8, float64."""


class Form(StrEnum):
    """How weights and activations are stored in a .tflite file."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    """Weights have half precision; the network computes in single precision."""
    DYNAMIC = "dynamic"
    """Weights are int8; activations are quantized while the network computes."""
    INT8 = "int8"
    """Weights, activations, input and output are int8; the headset needs this form."""


def to_tflite(model: Any, form: Form, calibration: FloatArray) -> bytes:
    """Convert a Keras model; the inputs `calibration`, float32 [N, height, width, 1], set the ranges of int8.

    Another backend than TensorFlow raises ConfigError, a network that cannot be converted raises ModelError.
    """
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise ConfigError(f"KERAS_BACKEND: conversion needs tensorflow, not {keras.backend.backend()}")
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if form is not Form.FLOAT32:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if form is Form.FLOAT16:
        converter.target_spec.supported_types = [tf.float16]
    if form is Form.INT8:
        converter.representative_dataset = lambda: ([picture[np.newaxis]] for picture in calibration)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return _converted(converter, form)


def _converted(converter: Any, form: Form) -> bytes:
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), standard_error_silenced():
        # TensorFlow warns that statistics of the inputs are missing, but the calibration pictures give them. Keras
        # prints a line for each variable of the network, in which the command's own result would be lost.
        warnings.simplefilter("ignore", UserWarning)
        try:
            return bytes(converter.convert())
        except Exception as error:  # the converter raises its own exceptions, with many lines
            raise ModelError(f"this network cannot be converted to {form}: {_first_line(error)}") from error


class Picture(NamedTuple):
    """The size of the pictures that a network takes."""

    height_px: int
    width_px: int
    channels: int


class TFLiteModel:
    """A .tflite file of any form, without a card: its input is a gray or colour picture, its outputs are numbers."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load the file; a file that cannot be run raises ModelError."""
        from ai_edge_litert.interpreter import Interpreter

        content = read_bytes(path, ModelError, LARGEST_BYTES)
        try_apart(path, content)
        try:
            with standard_error_silenced():
                self._interpreter = Interpreter(model_content=content, num_threads=threads)
                self._interpreter.allocate_tensors()
            inputs = self._interpreter.get_input_details()
            self._outputs = output_details(self._interpreter)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path}: is not a TFLite model that can be run: {_first_line(error)}") from error
        self._input = inputs[0]
        shape = [int(side) for side in self._input["shape"]]
        if len(inputs) != 1 or len(shape) != 4 or shape[0] != 1 or shape[3] not in (1, 3):
            raise ModelError(f"{path}: its input is {shape}; one picture, gray or in colour, is needed")
        self.picture = Picture(*shape[1:])
        self.output_sizes = {name: int(details["shape"][-1]) for name, details in self._outputs.items()}
        """How many numbers each output gives, by its name."""

    def run(self, picture: FloatArray) -> dict[str, FloatArray]:
        """Return the outputs for one prepared picture float32 [height, width, channels], float32 [numbers] by name."""
        source = picture[np.newaxis]
        if np.issubdtype(self._input["dtype"], np.integer):
            (scale, zero_point), limits = self._input["quantization"], np.iinfo(self._input["dtype"])
            stored = np.round(source / (scale or 1.0)) + zero_point
            source = np.clip(stored, limits.min, limits.max).astype(self._input["dtype"])
        self._interpreter.set_tensor(self._input["index"], source)
        self._interpreter.invoke()
        return {name: self._read(details) for name, details in self._outputs.items()}

    def _read(self, details: Any) -> FloatArray:
        output = np.ravel(self._interpreter.get_tensor(details["index"])).astype(np.float32)
        if np.issubdtype(details["dtype"], np.integer):
            scale, zero_point = details["quantization"]
            output = np.float32(scale or 1.0) * (output - np.float32(zero_point))
        return np.asarray(output, dtype=np.float32)


def output_details(interpreter: Any) -> dict[str, Any]:
    """Return TFLite's details of each output by the name of its head; a single output is that of the labels.

    The outputs of a file without a signature have the names of their tensors.
    """
    outputs = interpreter.get_output_details()
    if len(outputs) == 1:
        return {LABELS_HEAD.name: outputs[0]}
    if not interpreter.get_signature_list():
        return {str(each["name"]): each for each in outputs}
    return dict(interpreter.get_signature_runner().get_output_details())


def arena_bytes(path: Path) -> int | None:
    """Return the bytes of the activations that TFLite's arena must hold at one time, or None for rare tensor types.

    For each operation, these are its inputs and outputs, and all tensors that later operations still need. The
    interpreter needs more: scratch space for its kernels, and XNNPACK's memory.
    """
    from ai_edge_litert import schema_py_generated as schema

    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0)).subgraphs[0]
    made: dict[int, int] = {int(place): 0 for place in graph.inputs}
    last: dict[int, int] = {}
    for step, operator in enumerate(graph.operators):
        made.update({int(place): step for place in operator.outputs})
        last.update({int(place): step for place in (*operator.inputs, *operator.outputs)})
    last.update({int(place): len(graph.operators) for place in graph.outputs})
    if any(graph.tensors[place].type not in _ELEMENT_BYTES for place in made):
        return None
    sizes = {place: _tensor_bytes(graph.tensors[place]) for place in made}
    alive = [
        sum(sizes[place] for place, since in made.items() if since <= step <= last.get(place, since))
        for step in range(len(graph.operators))
    ]
    return max(alive)


def _tensor_bytes(tensor: Any) -> int:
    return int(math.prod(tensor.shape)) * _ELEMENT_BYTES[tensor.type]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
