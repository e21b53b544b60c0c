"""From a trained Keras model to the headset's file: full int8, in and out, with its card."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.errors import ModelError
from assistant.files import replaced_atomically
from assistant.model_card import SCHEMA_VERSION, Role, card_path, parse_card
from assistant.preprocess import NORMALISATION, FloatArray, standardise
from quantize.datasets import Samples, read_samples
from quantize.forms import Form, output_details, to_tflite
from quantize.judges import HeadsetJudge, KerasJudge
from quantize.measures import measure
from quantize.networks import heads_of, load, training_facts
from quantize.split import split_validation

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


def convert(  # noqa: PLR0913 - from what, to what, measured how
    keras_model: Path, data: Path, out: Path, *, seed: int, usage: str = VALIDATION, max_drop: float | None = None
) -> dict[str, Any]:
    """Write `out` (.tflite, int8) and its card beside it, measured on `usage` of `data`; returns the card.

    `usage` is one of the data's, or `validation`: the part that training cut from `Training`. A file that loses more
    than `max_drop` points of accuracy is not written (ModelError).
    """
    facts = training_facts(keras_model)
    training, validation = split_validation(read_samples(data, "Training"), facts["recipe"]["seed"])
    measured = validation if usage == VALIDATION else read_samples(data, usage)
    model, chosen = load(keras_model), _calibration(training, seed)
    content = to_tflite(model, Form.INT8, _prepared(training, chosen))
    card = _card(out, content, model, facts)
    card["calibration_rows"] = training.row[chosen].tolist()
    as_float = measure(KerasJudge(keras_model).scores(measured.pixels, Role.LABELS), measured.labels)
    card["measures"] = {"usage": usage, "n": len(measured), "float": as_float}
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / out.name
        write_model(trial, content, card)
        judged = HeadsetJudge(trial).scores(measured.pixels, Role.LABELS)
    card["measures"]["int8"] = measure(judged, measured.labels)
    _refuse_loss(card["measures"], max_drop)
    parse_card(card)
    write_model(out, content, card)
    return card


def convert_form(keras_model: Path, data: Path, out: Path, form: Form, *, seed: int) -> int:
    """Write `out` (.tflite) in another form than the headset's, without a card; returns its size in bytes."""
    facts = training_facts(keras_model)
    training, _ = split_validation(read_samples(data, "Training"), facts["recipe"]["seed"])
    content = to_tflite(load(keras_model), form, _prepared(training, _calibration(training, seed)))
    with replaced_atomically(out) as unfinished:
        unfinished.write_bytes(content)
    return len(content)


def _calibration(training: Samples, seed: int) -> npt.NDArray[np.int64]:
    """Places of as many pictures of each emotion as of the others, drawn by seed."""
    rng = np.random.default_rng(seed)
    each = CALIBRATION_PICTURES // len(EMOTIONS)
    places = [np.flatnonzero(training.labels == label) for label in range(len(EMOTIONS))]
    return np.concatenate([rng.permutation(place)[:each] for place in places])


def _prepared(samples: Samples, chosen: npt.NDArray[np.int64]) -> FloatArray:
    return standardise(samples.pixels[chosen])[..., np.newaxis]


def _refuse_loss(measures: dict[str, Any], max_drop: float | None) -> None:
    """Raise ModelError, with the recall of each emotion, when int8 loses more than `max_drop` points of accuracy."""
    drop = 100 * (measures["float"]["accuracy"] - measures["int8"]["accuracy"])
    if max_drop is None or drop <= max_drop:
        return
    recalls = (measures["float"]["recall"], measures["int8"]["recall"])
    table = ", ".join(f"{label} {recalls[0][label]:.1%} -> {recalls[1][label]:.1%}" for label in recalls[0])
    raise ModelError(f"int8 loses {drop:.2f} points of accuracy, more than {max_drop:g}; recall: {table}")


def _card(out: Path, content: bytes, model: Any, facts: dict[str, Any]) -> dict[str, Any]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    source, outputs = interpreter.get_input_details()[0], output_details(interpreter)
    return {
        "schema": SCHEMA_VERSION,
        "name": out.stem,
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": {"size_px": int(source["shape"][1]), "normalisation": NORMALISATION, **_quantization(source)},
        "outputs": [
            {
                "name": head.name,
                "role": str(head.role),
                "labels": list(head.labels),
                **_quantization(outputs[head.name]),
            }
            for head in heads_of(model)
        ],
        "architecture": {"name": facts["recipe"]["architecture"], "parameters": int(model.count_params())},
        "training_data": f"FER-2013, {facts['training_pictures']} pictures of Training, {_truth(facts['recipe'])}",
        "data_licence": DATA_LICENCE,
        "intended_use": INTENDED_USE,
        "recipe": facts["recipe"],
        "measures": {},
    }


def _truth(recipe: dict[str, Any]) -> str:
    share = recipe.get("crowd_weight", 0.0)
    if recipe.get("heads") == "both":
        return "by FER-2013's labels and by FER+'s votes, each by an output of its own"
    return f"by FER+'s votes ({share:.0%}) and FER-2013's labels" if share else "by FER-2013's labels"


def _quantization(details: dict[str, Any]) -> dict[str, Any]:
    scale, zero_point = details["quantization"]
    return {"scale": float(scale), "zero_point": int(zero_point)}


def write_model(out: Path, content: bytes, card: dict[str, Any]) -> None:
    """Put both files in place; until both are there the old pair, or none, is refused by its hash."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as model, replaced_atomically(card_path(out)) as beside:
        model.write_bytes(content)
        beside.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
