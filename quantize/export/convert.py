"""From a trained Keras model to the headset's file: full int8, in and out, with its card."""

from __future__ import annotations

import tempfile
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
from quantize.data.ferplus import majority
from quantize.data.samples import Samples
from quantize.evaluation.evaluate import measured
from quantize.evaluation.predictors import HeadsetPredictor, KerasPredictor, Predictor
from quantize.export.card import write_model, written_card
from quantize.networks.keras_files import heads_of, load
from quantize.networks.outputs import CROWD_HEAD
from quantize.networks.tflite_files import Form, to_tflite
from quantize.training.facts import training_facts
from quantize.training.training_set import validation_of

CALIBRATION_PICTURES = 500
"""Enough that the ranges of the activations no longer move."""

VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class Measuring:
    """What the card's measures are taken on, and how much int8 may lose."""

    usage: str = VALIDATION
    """One of the data's, or the part that training cut from `Training`."""
    max_drop: float | None = None
    """Points of accuracy."""


def convert(keras_model: Path, data: DataSet, out: Path, how: Measuring, *, seed: int) -> dict[str, Any]:
    """Write `out` (.tflite, int8) and its card beside it, with its measures; returns the card.

    A file that loses more than the allowed points of accuracy is not written (ModelError).
    """
    facts, votes = training_facts(keras_model), data.votes()
    model = load(keras_model)
    if CROWD_HEAD in heads_of(model) and data.ferplus is None:
        raise DataError(f"{keras_model}: has an output for FER+'s votes; --ferplus is needed to measure it")
    training, validation = validation_of(data, facts)
    chosen = _calibration(training, seed)
    content = to_tflite(model, Form.INT8, _prepared(training, chosen))
    card = written_card(out, content, model, facts)
    card["calibration_rows"] = training.row[chosen].tolist()
    samples = validation if how.usage == VALIDATION else read_samples(data, how.usage)
    crowd = None if votes is None else majority(votes[samples.row])
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / out.name
        write_model(trial, content, card)
        predictors: dict[str, Predictor] = {"float": KerasPredictor(keras_model), "int8": HeadsetPredictor(trial)}
        measures = {form: measured(asked, samples, crowd)[2] for form, asked in predictors.items()}
    _refuse_loss(measures, how.max_drop)
    card["measures"] = {"usage": how.usage, "n": len(samples), **measures}
    write_model(out, content, card)
    return card


def convert_form(keras_model: Path, data: DataSet, out: Path, form: Form, *, seed: int) -> int:
    """Write `out` (.tflite) in another form than the headset's, without a card; returns its size in bytes."""
    facts = training_facts(keras_model)
    training, _ = validation_of(data, facts)
    content = to_tflite(load(keras_model), form, _prepared(training, _calibration(training, seed)))
    out.parent.mkdir(parents=True, exist_ok=True)
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
    as_float, as_int8 = measures["float"], measures["int8"]
    for truth in ("", "ferplus_"):
        drop = 100 * (as_float.get(f"{truth}accuracy", 0.0) - as_int8.get(f"{truth}accuracy", 0.0))
        if max_drop is not None and drop > max_drop:
            recalls = (as_float[f"{truth}recall"], as_int8[f"{truth}recall"])
            table = ", ".join(f"{label} {recalls[0][label]:.1%} -> {recalls[1][label]:.1%}" for label in recalls[0])
            raise ModelError(
                f"int8 loses {drop:.2f} points of {truth}accuracy, more than {max_drop:g}; recall: {table}"
            )
