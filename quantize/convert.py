"""From a trained Keras model to the headset's file: full int8, in and out, with its card."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.adapters.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.model_card import SCHEMA_VERSION, Role, card_path, parse_card
from assistant.preprocess import NORMALISATION, standardise
from quantize.datasets import Samples, read_samples
from quantize.evaluate import measure, predict
from quantize.split import split_validation
from quantize.train import facts_path

CALIBRATION_PICTURES = 500
"""Enough that the ranges of the activations no longer move."""

DATA_LICENCE = (
    "FER-2013 (I. Goodfellow et al., 'Challenges in Representation Learning', 2013) is for research use; "
    "so are weights that come from it."
)
INTENDED_USE = (
    "Naming, for a visually impaired person, the emotion that a face in front of a worn camera seems to show. "
    "Not for judging what people feel, nor for use at work or school, where inferring emotions is prohibited in "
    "the EU but for medical and safety reasons (AI Act, article 5(1)(f))."
)
VALIDATION = "validation"


def convert(keras_model: Path, data: Path, out: Path, *, usage: str = VALIDATION) -> dict[str, Any]:
    """Write `out` (.tflite) and its card beside it, measured on `usage` of `data`; returns the card.

    `usage` is one of the file's, or `validation`: the part that training cut from `Training`.
    """
    facts = _training_facts(keras_model)
    training, validation = split_validation(read_samples(data, "Training"), facts["recipe"]["seed"])
    measured = validation if usage == VALIDATION else read_samples(data, usage)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    try:
        model = keras.models.load_model(keras_model, compile=False)
    except (ValueError, OSError) as error:
        raise DataError(f"{keras_model}: is no Keras model: {error}") from error
    content = to_int8(model, _calibration(training, facts["recipe"]["seed"]))
    card = _card(out, content, model, facts)
    card["measures"] = {"usage": usage, "n": len(measured), "float": measure(_float_labels(model, measured), measured)}
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / out.name
        _write(trial, content, card)
        card["measures"]["int8"] = measure(predict(TFLiteClassifier(trial), measured, Role.LABELS), measured)
    parse_card(card)
    _write(out, content, card)
    return card


def to_int8(model: Any, calibration: npt.NDArray[np.float32]) -> bytes:
    """Quantize a Keras model by post-training calibration on inputs float32 [N, 48, 48, 1]."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([picture[np.newaxis]] for picture in calibration)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def _calibration(training: Samples, seed: int) -> npt.NDArray[np.float32]:
    """As many pictures of each emotion as of the others."""
    rng = np.random.default_rng(seed)
    each = CALIBRATION_PICTURES // len(EMOTIONS)
    places = [np.flatnonzero(training.labels == label) for label in range(len(EMOTIONS))]
    chosen = np.concatenate([rng.permutation(place)[:each] for place in places])
    return standardise(training.pixels[chosen])[..., np.newaxis]


def _training_facts(keras_model: Path) -> dict[str, Any]:
    path = facts_path(keras_model)
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        facts["recipe"]["seed"]
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{path}: the facts that training writes beside the model cannot be read: {error}") from error
    return facts


def _float_labels(model: Any, samples: Samples) -> npt.NDArray[np.int64]:
    logits = model.predict(standardise(samples.pixels)[..., np.newaxis], batch_size=256, verbose=0)
    return np.asarray(np.asarray(logits).argmax(axis=1), dtype=np.int64)


def _card(out: Path, content: bytes, model: Any, facts: dict[str, Any]) -> dict[str, Any]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    source, output = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    return {
        "schema": SCHEMA_VERSION,
        "name": out.stem,
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": {"size_px": int(source["shape"][1]), "normalisation": NORMALISATION, **_quantization(source)},
        "outputs": [
            {
                "name": "emotion",
                "role": str(Role.LABELS),
                "labels": [str(emotion) for emotion in EMOTIONS],
                **_quantization(output),
            }
        ],
        "architecture": {"name": facts["recipe"]["architecture"], "parameters": int(model.count_params())},
        "training_data": f"FER-2013, {facts['training_pictures']} pictures of Training by FER-2013's labels",
        "data_licence": DATA_LICENCE,
        "intended_use": INTENDED_USE,
        "recipe": facts["recipe"],
        "measures": {},
    }


def _quantization(details: dict[str, Any]) -> dict[str, Any]:
    scale, zero_point = details["quantization"]
    return {"scale": float(scale), "zero_point": int(zero_point)}


def _write(out: Path, content: bytes, card: dict[str, Any]) -> None:
    """Put both files in place; until both are there the old pair, or none, is refused by its hash."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as model, replaced_atomically(card_path(out)) as beside:
        model.write_bytes(content)
        beside.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
