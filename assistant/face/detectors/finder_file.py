"""Loads the finder's network from an int8 TFLite file with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError
from assistant.face.detectors.finder import Finder, Thresholds
from assistant.face.detectors.finder_card import FinderCard, read_finder_card
from assistant.face.detectors.finder_input import INPUT_SCALE, MIDDLE, NEAR_PX, NORMALISATION, Gray
from assistant.face.detectors.finder_output import LEVELS, VALUES, FloatArray, decoded
from assistant.networks.cards import card_path
from assistant.networks.interpreter import (
    check_quantization,
    dequantized,
    load_interpreter,
    named_outputs,
    quantized,
    read_model,
)
from assistant.networks.trial import try_apart


def build(finder: Path) -> Finder:
    """Build the detector `finder`."""
    return load_finder(finder)


def load_finder(model: Path, interpreter: str | None = None, thresholds: Thresholds | None = None) -> Finder:
    """Load the finder of this file; ModelError says what is wrong with it or its card.

    `interpreter` names one of `interpreter.INTERPRETERS`; by default the first that is installed. `thresholds` replace
    those of the card.
    """
    if not model.is_file():
        raise ModelError(f"{model}: there is no such model file")
    card = read_finder_card(card_path(model))
    content = read_model(model, card.sha256)
    try_apart(model, content, interpreter)
    sizes = ((card.height_px, card.width_px), (NEAR_PX, NEAR_PX))
    loaded = (load_interpreter(model, content, interpreter, (1, *size, 1)) for size in sizes)
    whole, near = (FileNetwork(model, card, each, size) for each, size in zip(loaded, sizes, strict=True))
    return Finder(whole, near, thresholds or card.thresholds)


class FileNetwork:
    """The network of a file, for an input of one size (height, width)."""

    def __init__(self, model: Path, card: FinderCard, interpreter: Any, size: tuple[int, int]) -> None:
        """Check the interpreter; ModelError where it is not as the card says. Messages name the file `model`."""
        self.size = size
        self._card = card
        self._interpreter = interpreter
        self._input = interpreter.get_input_details()[0]
        if card.normalisation != NORMALISATION:
            raise ModelError(
                f"{model}: it was trained with other preprocessing ({card.normalisation}) than this program's"
            )
        check_quantization(model, "input", card.input_quantization, self._input)
        self._outputs = _matched_outputs(model, card, self._interpreter, size)
        levels = (np.arange(256, dtype=np.float32) - MIDDLE) * np.float32(INPUT_SCALE)
        self._stored = quantized(levels, card.input_quantization)

    def candidates(self, picture: Gray, least_logit: float) -> FloatArray:
        """Return the cells with at least this logit, float32 [N, 15]: the logit, then a row of `decoded`."""
        stored = np.asarray(cv2.LUT(picture, self._stored))
        self._interpreter.set_tensor(self._input["index"], stored[np.newaxis, ..., np.newaxis])
        self._interpreter.invoke()
        return np.concatenate([self._of_level(level, least_logit) for level in LEVELS])

    def _of_level(self, level: int, least_logit: float) -> FloatArray:
        score, shape = f"score_{level}", f"shape_{level}"
        logits = dequantized(self._stored_answer(score)[..., 0], self._card.outputs[score])
        cells = np.argwhere(logits >= least_logit)
        if not len(cells):
            return np.zeros((0, 1 + VALUES), np.float32)
        rows, columns = cells.T
        shapes = dequantized(self._stored_answer(shape)[rows, columns], self._card.outputs[shape])
        return np.concatenate([logits[rows, columns, np.newaxis], decoded(shapes, level, cells)], axis=1)

    def _stored_answer(self, name: str) -> npt.NDArray[np.int8]:
        answer: npt.NDArray[np.int8] = self._interpreter.get_tensor(self._outputs[name])[0]
        return answer


def _matched_outputs(model: Path, card: FinderCard, interpreter: Any, size: tuple[int, int]) -> dict[str, int]:
    details = named_outputs(model, interpreter)
    matched = {}
    for name, quantization in card.outputs.items():
        each = details.get(name)
        if each is None:
            raise ModelError(f"{model}: has no output {name!r}, which its card names")
        kind, level = name.split("_")
        shape = [1, size[0] // int(level), size[1] // int(level), 1 if kind == "score" else VALUES]
        if [int(length) for length in each["shape"]] != shape:
            raise ModelError(f"{model}: its output {name} is {[int(length) for length in each['shape']]}, not {shape}")
        check_quantization(model, name, quantization, each)
        matched[name] = int(each["index"])
    return matched
