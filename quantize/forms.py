"""The forms that a trained network can have as a .tflite file, and a reader for all of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError
from assistant.preprocess import FloatArray, standardise

Gray = npt.NDArray[np.uint8]


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
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if form is not Form.FLOAT32:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if form is Form.FLOAT16:
        converter.target_spec.supported_types = [tf.float16]
    if form is Form.INT8:
        converter.representative_dataset = lambda: ([picture[np.newaxis]] for picture in calibration)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


class FileModel:
    """A .tflite file of any form, with one input of faces and one output of logits; no card is needed."""

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
        self._output = self._interpreter.get_output_details()[0]

    def probabilities(self, pixels: Gray) -> FloatArray:
        """The softmax of the logits, float32 [N, labels], of gray faces [N, 48, 48]."""
        return softmax(np.stack([self.logits(face) for face in standardise(pixels)]))

    def logits(self, face: FloatArray) -> FloatArray:
        """The logits, float32 [labels], of one prepared face [48, 48]."""
        source = face[np.newaxis, ..., np.newaxis]
        if self._input["dtype"] is np.int8:
            scale, zero_point = self._input["quantization"]
            source = np.clip(np.round(source / scale) + zero_point, -128, 127).astype(np.int8)
        self._interpreter.set_tensor(self._input["index"], source)
        self._interpreter.invoke()
        output = self._interpreter.get_tensor(self._output["index"])[0].astype(np.float32)
        if self._output["dtype"] is np.int8:
            scale, zero_point = self._output["quantization"]
            output = np.float32(scale) * (output - np.float32(zero_point))
        return np.asarray(output, dtype=np.float32)


def softmax(logits: FloatArray) -> FloatArray:
    """Probabilities, float32 of the same shape, along the last axis."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float32)
