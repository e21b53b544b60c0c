"""Converts networks to ONNX, by Keras's own export, and runs such files."""

from __future__ import annotations

import io
import logging
import tempfile
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.preprocess import FloatArray
from assistant.errors import ModelError
from assistant.networks.interpreter import standard_error_silenced


def to_onnx(model: Any) -> bytes:
    """Convert a Keras model, whose numbers stay float32; a network that cannot be converted raises ModelError."""
    import tensorflow as tf

    model(np.zeros((1, *model.input.shape[1:]), np.float32))  # Keras exports only networks that were called
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        path = Path(folder) / "network.onnx"
        warnings.simplefilter("ignore", FutureWarning)  # of numpy, about names that tf2onnx looks for
        logging.getLogger("tf2onnx").setLevel(logging.ERROR)
        try:
            with standard_error_silenced():
                model.export(path, format="onnx", verbose=False)
        except (ValueError, TypeError, AttributeError, tf.errors.OpError) as error:
            raise ModelError(f"this network cannot be converted to onnx: {str(error).splitlines()[0]}") from error
        return path.read_bytes()


class OnnxModel:
    """A network in ONNX's form, run by onnxruntime on one thread."""

    def __init__(self, content: bytes) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, pictures: FloatArray) -> dict[str, FloatArray]:
        """Return the outputs, float32 [N, numbers] by name, for pictures float32 [N, height, width, channels]."""
        return dict(zip(self._outputs, self._session.run(None, {self._input: pictures}), strict=True))
