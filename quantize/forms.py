"""The forms that a trained network can have as a .tflite file, and a reader for all of them."""

from __future__ import annotations

import io
import math
import warnings
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import ConfigError, ModelError
from assistant.preprocess import INPUT_SIZE_PX, FloatArray, standardise
from quantize.heads import HEADS, LABELS_HEAD

Gray = npt.NDArray[np.uint8]

_ELEMENT_BYTES = {0: 4, 1: 2, 2: 4, 3: 1, 4: 8, 6: 1, 9: 1}
"""Of TFLite's tensor types float32, float16, int32, uint8, int64, bool, int8."""


class Form(StrEnum):
    """How weights and activations are stored."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    """Weights in half precision; computed in single."""
    DYNAMIC = "dynamic"
    """Weights int8, activations quantized while computing."""
    INT8 = "int8"
    """All of it int8, input and output too: the headset's form."""


def to_tflite(model: Any, form: Form, calibration: FloatArray) -> bytes:
    """Convert a Keras model; `calibration`, inputs float32 [N, 48, 48, 1], sets int8's ranges."""
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
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        # TensorFlow says that statistics of the inputs are missing, which the calibration pictures give; Keras prints a
        # line for each of the network's variables, before which the command's own result would be lost.
        warnings.simplefilter("ignore", UserWarning)
        return bytes(converter.convert())


class FileModel:
    """A .tflite file of any form, with one input of faces and outputs of logits; no card is needed."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load it; ModelError when it cannot be run."""
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter = Interpreter(model_content=path.read_bytes(), num_threads=threads)
            self._interpreter.allocate_tensors()
        except OSError as error:
            raise ModelError(f"{path}: the model cannot be read: {error.strerror}") from error
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path}: is no TFLite model that can be run: {error}") from error
        self._input = self._interpreter.get_input_details()[0]
        if [int(side) for side in self._input["shape"]] != [1, INPUT_SIZE_PX, INPUT_SIZE_PX, 1]:
            raise ModelError(f"{path}: its input is {list(self._input['shape'])}, not one gray face of 48x48")
        self.outputs = output_details(self._interpreter)
        """TFLite's details of each output, by the head's name."""
        labels = {head.name: len(head.labels) for head in HEADS["both"]}
        for name, details in self.outputs.items():
            if int(details["shape"][-1]) != labels.get(name):
                raise ModelError(f"{path}: its output {name!r} is {list(details['shape'])}, not that of a known head")

    def logits(self, pixels: Gray) -> dict[str, FloatArray]:
        """The logits, float32 [N, labels] by the head's name, of gray faces uint8 [N, 48, 48]."""
        said = [self.logits_of(face) for face in standardise(pixels)]
        return {name: np.stack([each[name] for each in said]) for name in self.outputs}

    def logits_of(self, face: FloatArray) -> dict[str, FloatArray]:
        """The logits, float32 [labels] by the head's name, of one prepared face [48, 48]."""
        source = face[np.newaxis, ..., np.newaxis]
        if self._input["dtype"] is np.int8:
            scale, zero_point = self._input["quantization"]
            source = np.clip(np.round(source / scale) + zero_point, -128, 127).astype(np.int8)
        self._interpreter.set_tensor(self._input["index"], source)
        self._interpreter.invoke()
        return {name: self._read(details) for name, details in self.outputs.items()}

    def _read(self, details: Any) -> FloatArray:
        output = self._interpreter.get_tensor(details["index"])[0].astype(np.float32)
        if details["dtype"] is np.int8:
            scale, zero_point = details["quantization"]
            output = np.float32(scale) * (output - np.float32(zero_point))
        return np.asarray(output, dtype=np.float32)


def output_details(interpreter: Any) -> dict[str, Any]:
    """TFLite's details of each output, by the name of its head; a single output is the labels'."""
    if len(interpreter.get_output_details()) == 1:
        return {LABELS_HEAD.name: interpreter.get_output_details()[0]}
    return dict(interpreter.get_signature_runner().get_output_details())


def arena_bytes(path: Path) -> int:
    """The most that the activations alive at one time take, which TFLite's arena must hold, in bytes.

    Read from the file: of each operation, its inputs and outputs and all that later ones still need. The interpreter
    adds scratch space of its kernels, XNNPACK's of its own.
    """
    from ai_edge_litert import schema_py_generated as schema

    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0)).subgraphs[0]
    made: dict[int, int] = {int(place): 0 for place in graph.inputs}
    last: dict[int, int] = {}
    for step, operator in enumerate(graph.operators):
        made.update({int(place): step for place in operator.outputs})
        last.update({int(place): step for place in (*operator.inputs, *operator.outputs)})
    last.update({int(place): len(graph.operators) for place in graph.outputs})
    sizes: dict[int, int] = {
        place: int(math.prod(graph.tensors[place].shape)) * _ELEMENT_BYTES[graph.tensors[place].type] for place in made
    }
    alive = [
        sum(sizes[place] for place, since in made.items() if since <= step <= last.get(place, since))
        for step in range(len(graph.operators))
    ]
    return max(alive)


def softmax(logits: FloatArray) -> FloatArray:
    """Probabilities, float32 of the same shape, along the last axis."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float32)
