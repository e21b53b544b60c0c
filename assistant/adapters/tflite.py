"""The emotion model: an int8 TFLite file, run by ai-edge-litert or by tflite-runtime, whichever is there."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS, EmotionScores
from assistant.errors import ModelError
from assistant.model_card import NOT_A_FACE, ModelCard, OutputCard, Quantization, Role, card_path, read_card
from assistant.ports import Classification
from assistant.preprocess import NORMALISATION, FloatArray, face_to_input

INTERPRETERS = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")
"""Modules with an `Interpreter`, in the order of preference: the first has XNNPACK's int8 kernels."""


class TFLiteClassifier:
    """An emotion model whose file has the hash, the shapes and the quantization that its card names."""

    def __init__(self, model: Path, interpreter: str | None = None) -> None:
        """Load the model; ModelError says what is wrong with the file or its card.

        `interpreter` names one of `INTERPRETERS`; by default the first that is installed.
        """
        if not model.is_file():
            raise ModelError(f"{model}: there is no such model file")
        self.card = read_card(card_path(model))
        self._interpreter = _load(model, self.card, interpreter)
        self._input = self._interpreter.get_input_details()[0]
        self._outputs = _matched_outputs(model, self.card, self._interpreter)
        _check_input(model, self.card, self._input)

    def classify(self, face: npt.NDArray[np.uint8]) -> Classification:
        """Judge a gray face [height, width] by the output that the headset speaks from."""
        output = self.card.speaking()
        weights = self._weights(face, output)
        none = output.labels.index(NOT_A_FACE) if NOT_A_FACE in output.labels else None
        return Classification(_seven(weights, output), 0.0 if none is None else float(weights[none] / weights.sum()))

    def classify_by(self, role: Role, face: npt.NDArray[np.uint8]) -> EmotionScores:
        """Scores by the output with this role; a model with one output is asked for that one."""
        output = next((each for each in self.card.outputs if each.role is role), self.card.outputs[0])
        return self.scores(face, output)

    def scores(self, face: npt.NDArray[np.uint8], output: OutputCard) -> EmotionScores:
        """Scores by one output: the softmax of its tempered logits, the seven emotions divided by their sum."""
        return _seven(self._weights(face, output), output)

    def _weights(self, face: npt.NDArray[np.uint8], output: OutputCard) -> FloatArray:
        """The softmax of the tempered logits, before it is divided by its sum."""
        logits = self.logits(face)[output.name] / np.float32(output.temperature)
        return np.asarray(np.exp(logits - logits.max()), dtype=np.float32)

    def logits(self, face: npt.NDArray[np.uint8]) -> dict[str, FloatArray]:
        """The logits of every output, float32 [labels], by the output's name."""
        prepared = face_to_input(face, self.card.size_px)[np.newaxis]
        self._interpreter.set_tensor(self._input["index"], _quantized(prepared, self.card.input_quantization))
        self._interpreter.invoke()
        return {
            output.name: _dequantized(self._interpreter.get_tensor(index)[0], output.quantization)
            for output, index in self._outputs
        }


def _seven(weights: FloatArray, output: OutputCard) -> EmotionScores:
    return EmotionScores.from_weights([float(weights[output.labels.index(str(emotion))]) for emotion in EMOTIONS])


def _load(model: Path, card: ModelCard, interpreter: str | None) -> Any:
    try:
        content = model.read_bytes()
    except OSError as error:
        raise ModelError(f"{model}: the model cannot be read: {error.strerror}") from error
    if not content:
        raise ModelError(f"{model}: the model is an empty file; copy it again")
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise ModelError(f"{model}: the model is not the file that its card names (SHA-256 differs); copy both again")
    try:
        with _greeting_silenced():
            loaded = _interpreter_class(interpreter)(model_content=content, num_threads=1)
            loaded.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ModelError(f"{model}: is no TFLite model that can be run: {error}") from error
    return loaded


@contextmanager
def _greeting_silenced() -> Iterator[None]:
    """Keep XNNPACK from writing a line of its own to standard error; what fails comes as an exception."""
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


def _check_input(model: Path, card: ModelCard, details: Any) -> None:
    shape = [int(length) for length in details["shape"]]
    if shape != [1, card.size_px, card.size_px, 1]:
        raise ModelError(f"{model}: its input is {shape}, but the card says [1, {card.size_px}, {card.size_px}, 1]")
    _check_quantization(model, "input", card.input_quantization, details)
    if card.normalisation != NORMALISATION:
        raise ModelError(f"{model}: it was trained on other pictures ({card.normalisation}) than this program makes")


def _matched_outputs(model: Path, card: ModelCard, interpreter: Any) -> list[tuple[OutputCard, int]]:
    if len(interpreter.get_output_details()) == 1:
        details = {card.outputs[0].name: interpreter.get_output_details()[0]}
    else:
        details = interpreter.get_signature_runner().get_output_details()
    matched = []
    for output in card.outputs:
        each = details.get(output.name)
        if each is None:
            raise ModelError(f"{model}: has no output {output.name!r}, which its card names")
        shape = [int(length) for length in each["shape"]]
        if shape != [1, len(output.labels)]:
            raise ModelError(f"{model}: its output is {shape}, but the card has {len(output.labels)} labels")
        _check_quantization(model, output.name, output.quantization, each)
        matched.append((output, int(each["index"])))
    return matched


def _check_quantization(model: Path, name: str, expected: Quantization, details: Any) -> None:
    scale, zero_point = details["quantization"]
    if details["dtype"] is not np.int8:
        raise ModelError(f"{model}: its {name} is {np.dtype(details['dtype']).name}, not int8")
    if not np.isclose(scale, expected.scale, rtol=1e-4) or zero_point != expected.zero_point:
        raise ModelError(f"{model}: its {name} is quantized by {scale:g}, {zero_point}, not as its card says")


def _quantized(values: FloatArray, by: Quantization) -> npt.NDArray[np.int8]:
    stored = np.round(values / np.float32(by.scale)) + by.zero_point
    return np.asarray(np.clip(stored, -128, 127), dtype=np.int8)


def _dequantized(stored: npt.NDArray[np.int8], by: Quantization) -> FloatArray:
    return np.float32(by.scale) * (stored.astype(np.float32) - np.float32(by.zero_point))
