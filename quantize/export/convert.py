"""Converts a trained Keras model to the headset's file: int8 throughout, with its card."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray, standardise
from assistant.emotions import EMOTIONS
from assistant.errors import DataError, ModelError
from assistant.files import replaced_atomically
from quantize.data.dataset import DataSet, read_samples
from quantize.data.ferplus import Majorities, majority
from quantize.data.samples import Samples
from quantize.evaluation.evaluate import measure_predictor
from quantize.evaluation.predictors import HeadsetPredictor, KerasPredictor, Predictor
from quantize.export.card import build_card, write_model
from quantize.networks.added_outputs import joined, read_added
from quantize.networks.compacted import compacted
from quantize.networks.face_output import FACE_OUTPUT
from quantize.networks.keras_files import heads_of, load
from quantize.networks.movement_output import MOVEMENT_OUTPUT
from quantize.networks.onnx_files import OnnxModel, to_onnx
from quantize.networks.outputs import CROWD_HEAD
from quantize.networks.tflite_files import Form, TFLiteModel, to_tflite
from quantize.training.facts import training_facts
from quantize.training.training_set import validation_of

COMPARED, MOST_DIFFERENT = 100, 1e-3
"""On so many pictures the logits of an ONNX file may differ by this much from those of the .tflite file."""

CALIBRATION_PICTURES = 500
"""The pictures that set the ranges of the activations; with more pictures, the ranges do not change."""

VALIDATION = "validation"

ADDED_BY = {FACE_OUTPUT: "quantize finder head", MOVEMENT_OUTPUT: "quantize movements train"}
"""The commands that train further outputs."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """On which pictures the card's measures are taken, and how much accuracy int8 may lose."""

    usage: str = VALIDATION
    """A usage of the data, or `validation`, the part that training cut from `Training`."""
    max_drop: float | None = None
    """The largest loss of accuracy, in percentage points; None: any."""


def convert(  # noqa: PLR0913 - what is converted, and how
    keras_model: Path, data: DataSet, out: Path, how: Measuring, *, seed: int, added: Mapping[str, Path]
) -> dict[str, Any]:
    """Write `out` (.tflite, int8) and its card with measures beside it; return the card.

    It also gets the `added` outputs: files that were written for this network, by the names of the outputs.

    If int8 loses more than the allowed points of accuracy, nothing is written and ModelError is raised. A model with an
    output for FER+'s votes raises DataError where the data have no votes.
    """
    facts, votes = training_facts(keras_model), data.votes()
    model = load(keras_model)
    if CROWD_HEAD in heads_of(model) and data.ferplus is None:
        raise DataError(f"{keras_model}: has an output for FER+'s votes; --ferplus is needed to measure it")
    if added:
        model = joined(model, {name: read_added(path, keras_model, ADDED_BY[name]) for name, path in added.items()})
    training, validation = validation_of(data, facts)
    chosen = _calibration_pictures(training, seed)
    content = compacted(to_tflite(model, Form.INT8, _prepared(training, chosen)))
    card = build_card(out, content, model, facts)
    card["calibration_rows"] = training.row[chosen].tolist()
    samples = validation if how.usage == VALIDATION else read_samples(data, how.usage)
    majorities = None if votes is None else majority(votes[samples.row])
    measures = _measures(keras_model, content, card, samples, majorities)
    _refuse_loss(measures, how.max_drop)
    card["measures"] = {"usage": how.usage, "n": len(samples), **measures}
    write_model(out, content, card)
    return card


def _measures(
    keras_model: Path, content: bytes, card: dict[str, Any], samples: Samples, majorities: Majorities | None
) -> dict[str, Any]:
    """Return the measures of the Keras model (float) and of the TFLite file (int8)."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / f"{card['name']}.tflite"
        write_model(trial, content, card)
        predictors: dict[str, Predictor] = {"float": KerasPredictor(keras_model), "int8": HeadsetPredictor(trial)}
        return {name: measure_predictor(each, samples, majorities)[2] for name, each in predictors.items()}


def convert_form(keras_model: Path, data: DataSet, out: Path, form: Form, *, seed: int) -> int:
    """Write `out` (.tflite) in a form that the headset does not take, without a card; return its size in bytes."""
    facts = training_facts(keras_model)
    training, _ = validation_of(data, facts)
    content = to_tflite(load(keras_model), form, _prepared(training, _calibration_pictures(training, seed)))
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as unfinished:
        unfinished.write_bytes(content)
    return len(content)


def convert_onnx(keras_model: Path, data: DataSet, out: Path) -> tuple[int, float]:
    """Write `out` (.onnx), for programs that run this format; return its size in bytes and its largest difference.

    The outputs are compared with those of the float32 .tflite file, on `COMPARED` pictures of the validation part. A
    larger difference than `MOST_DIFFERENT` raises ModelError, and nothing is written.
    """
    facts, model = training_facts(keras_model), load(keras_model)
    training, validation = validation_of(data, facts)
    content = to_onnx(model)
    pictures = standardise(validation.pixels[:COMPARED])[..., np.newaxis]
    made = OnnxModel(content).run(pictures)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "float32.tflite"
        trial.write_bytes(to_tflite(model, Form.FLOAT32, _prepared(training, np.arange(1))))
        other = TFLiteModel(trial)
        expected = [other.run(picture) for picture in pictures]
    if len(made) == 1:  # the two converters give the only output different names
        made = dict.fromkeys(expected[0], next(iter(made.values())))
    differences = [np.abs(made[name] - np.stack([each[name] for each in expected])).max() for name in expected[0]]
    different = float(np.max(differences))  # NaN where one of them is
    if not different <= MOST_DIFFERENT:
        raise ModelError(f"{out}: the logits of the ONNX file differ by {different:g} from those of the .tflite file")
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as unfinished:
        unfinished.write_bytes(content)
    return len(content), different


def _calibration_pictures(training: Samples, seed: int) -> npt.NDArray[np.int64]:
    """Return the positions of pictures that are drawn by `seed`, as many of each emotion as of every other."""
    rng = np.random.default_rng(seed)
    each = CALIBRATION_PICTURES // len(EMOTIONS)
    positions = [np.flatnonzero(training.labels == label) for label in range(len(EMOTIONS))]
    return np.concatenate([rng.permutation(of_label)[:each] for of_label in positions])


def _prepared(samples: Samples, chosen: npt.NDArray[np.int64]) -> FloatArray:
    return standardise(samples.pixels[chosen])[..., np.newaxis]


def _refuse_loss(measures: dict[str, Any], max_drop: float | None) -> None:
    """Raise ModelError, with the recall of each emotion, when int8 loses more than `max_drop` points of accuracy."""
    as_float, as_int8 = measures["float"], measures["int8"]
    for truth in ("", "ferplus_"):
        drop = 100 * (as_float.get(f"{truth}accuracy", 0.0) - as_int8.get(f"{truth}accuracy", 0.0))
        if max_drop is not None and drop > max_drop:
            recalls = (as_float[f"{truth}recall"], as_int8[f"{truth}recall"])
            table = ", ".join(f"{label} {recalls[0][label]:.1%} -> {recalls[1][label]:.1%}" for label in recalls[0])
            raise ModelError(
                f"int8 loses {drop:.2f} points of {truth}accuracy, more than {max_drop:g}; recall: {table}"
            )
