"""The emotion model: it loads an int8 TFLite file with its card, and classifies faces."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.bounds import Bounds
from assistant.emotion.joined import Role, log_softmax
from assistant.emotion.model_card import (
    NOT_A_FACE,
    FaceOutputCard,
    ModelCard,
    MovementOutputCard,
    OutputCard,
    read_card,
)
from assistant.emotion.movements import MOVEMENTS, Movement, MovementEvidence
from assistant.emotion.observation import Classification
from assistant.emotion.preprocess import NORMALISATION, FloatArray, face_to_input
from assistant.emotions import EMOTIONS, EmotionScores
from assistant.errors import ModelError
from assistant.face.evidence import NOT_A_FACE_FROM, veto_evidence
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


class TFLiteClassifier:
    """Classifies faces by a model whose file has the hash, the shapes and the quantization that its card names."""

    def __init__(self, model: Path, interpreter: str | None = None) -> None:
        """Load the model; ModelError says what is wrong with the file or its card.

        `interpreter` names one of `interpreter.INTERPRETERS`; by default the first that is installed.
        """
        if not model.is_file():
            raise ModelError(f"{model}: there is no such model file")
        self.card = read_card(card_path(model))
        content = read_model(model, self.card.sha256)
        try_apart(model, content, interpreter)
        self._interpreter = load_interpreter(model, content, interpreter)
        self._input = self._interpreter.get_input_details()[0]
        self._outputs = _matched_outputs(model, self.card, self._interpreter)
        self._face_output = _further_output(model, self.card.face_output, 1, self._interpreter)
        self._movement_output = _further_output(model, self.card.movement_output, len(MOVEMENTS), self._interpreter)
        _check_input(model, self.card, self._input)

    @property
    def bounds(self) -> Bounds:
        """The evidence that each emotion needs to be said, by the card."""
        return self.card.bounds

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The movements that may be said, by the card."""
        return self.card.movements

    def classify(self, face: npt.NDArray[np.uint8]) -> Classification:
        """Classify a gray face [height, width] by its outputs, joined as the card says."""
        logits, crowd = self.logits(face), self.card.by_role(Role.CROWD)
        log_scores = {output.role: _log_scores(logits, output) for output in self.card.outputs}
        none = crowd.labels.index(NOT_A_FACE) if NOT_A_FACE in crowd.labels else None
        not_a_face = 0.0 if none is None else float(np.exp(log_scores[crowd.role][none]))
        threshold = NOT_A_FACE_FROM if self.card.joined is None else self.card.joined.not_a_face_from
        by_role = {output.role: _seven(log_scores[output.role], output) for output in self.card.outputs}
        joined = by_role[crowd.role] if self.card.joined is None else self.card.joined.logits(by_role)
        return Classification(
            _normalised(joined),
            not_a_face,
            veto_evidence(not_a_face, threshold),
            self._face_log_odds(),
            self._movements(),
        )

    def _face_log_odds(self) -> float | None:
        """Return the log odds that the picture that was run last shows a face; None from a model without them."""
        if self.card.face_output is None or self._face_output is None:
            return None
        stored = self._interpreter.get_tensor(self._face_output)[0]
        return float(dequantized(stored, self.card.face_output.quantization)[0])

    def movement_logits(self) -> FloatArray | None:
        """Return the logits of the movements, float32 [movements], for the picture that was run last.

        None from a model without an output for them.
        """
        if self.card.movement_output is None or self._movement_output is None:
            return None
        stored = self._interpreter.get_tensor(self._movement_output)[0]
        return dequantized(stored, self.card.movement_output.quantization)

    def _movements(self) -> MovementEvidence | None:
        logits = self.movement_logits()
        if logits is None or self.card.movement_output is None:
            return None
        limits = self.card.movement_output.thresholds
        return tuple(
            -math.inf if limit is None else float(logit) - limit for logit, limit in zip(logits, limits, strict=True)
        )

    def classify_by(self, role: Role, face: npt.NDArray[np.uint8]) -> EmotionScores:
        """Return the scores of the output with this role alone; see `ModelCard.by_role`."""
        return _scores(self.logits(face), self.card.by_role(role))

    def logits(self, face: npt.NDArray[np.uint8]) -> dict[str, FloatArray]:
        """Return the logits of every output, float32 [labels], by the output's name."""
        prepared = face_to_input(face, self.card.size_px)[np.newaxis]
        self._interpreter.set_tensor(self._input["index"], quantized(prepared, self.card.input_quantization))
        self._interpreter.invoke()
        return {
            output.name: dequantized(self._interpreter.get_tensor(index)[0], output.quantization)
            for output, index in self._outputs
        }


def _log_scores(logits: dict[str, FloatArray], output: OutputCard) -> FloatArray:
    """Return the logarithms of an output's scores, float32 [labels]."""
    return log_softmax(logits[output.name] / np.float32(output.temperature))


def _scores(logits: dict[str, FloatArray], output: OutputCard) -> EmotionScores:
    return _normalised(_seven(_log_scores(logits, output), output))


def _seven(values: FloatArray, output: OutputCard) -> FloatArray:
    """Return the values of the seven emotions, in the order of `EMOTIONS`."""
    return values[[output.labels.index(str(emotion)) for emotion in EMOTIONS]]


def _normalised(logits: FloatArray) -> EmotionScores:
    return EmotionScores.from_weights([float(each) for each in np.exp(log_softmax(logits))])


def _check_input(model: Path, card: ModelCard, details: Any) -> None:
    shape = [int(length) for length in details["shape"]]
    if shape != [1, card.size_px, card.size_px, 1]:
        raise ModelError(f"{model}: its input is {shape}, but the card says [1, {card.size_px}, {card.size_px}, 1]")
    check_quantization(model, "input", card.input_quantization, details)
    if card.normalisation != NORMALISATION:
        raise ModelError(f"{model}: it was trained with other preprocessing ({card.normalisation}) than this program's")


def _matched_outputs(model: Path, card: ModelCard, interpreter: Any) -> list[tuple[OutputCard, int]]:
    if len(interpreter.get_output_details()) == 1:
        details = {card.outputs[0].name: interpreter.get_output_details()[0]}
    else:
        details = named_outputs(model, interpreter)
    matched = []
    for output in card.outputs:
        each = details.get(output.name)
        if each is None:
            raise ModelError(f"{model}: has no output {output.name!r}, which its card names")
        shape = [int(length) for length in each["shape"]]
        if shape != [1, len(output.labels)]:
            raise ModelError(f"{model}: its output is {shape}, but the card has {len(output.labels)} labels")
        check_quantization(model, output.name, output.quantization, each)
        matched.append((output, int(each["index"])))
    return matched


def _further_output(
    model: Path, output: FaceOutputCard | MovementOutputCard | None, logits: int, interpreter: Any
) -> int | None:
    """Return the place of a further output with so many logits; None where the card names none."""
    if output is None:
        return None
    name = output.name
    details = named_outputs(model, interpreter).get(name)
    if details is None:
        raise ModelError(f"{model}: has no output {name!r}, which its card names")
    shape = [int(length) for length in details["shape"]]
    if shape != [1, logits]:
        raise ModelError(f"{model}: its output {name!r} is {shape}, not [1, {logits}]")
    check_quantization(model, name, output.quantization, details)
    return int(details["index"])
