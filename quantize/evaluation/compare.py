"""Compares models on the same pictures: accuracy, agreement, size, memory and time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.joined import Role
from quantize.data.dataset import DataSet, read_samples
from quantize.data.samples import SEVEN, Samples
from quantize.evaluation.foreign_models import Conventions
from quantize.evaluation.metrics import Scores, mcnemar, measure
from quantize.evaluation.predictors import (
    KerasPredictor,
    TFLitePredictor,
    already_described,
    description_path,
    warn_of_assumptions,
)
from quantize.networks.tflite_files import TFLiteModel, arena_bytes
from quantize.progress import progress_bar

TIMED_RUNS, WARM_UP_RUNS = 200, 20


def compare(
    models: Sequence[Path], data: DataSet, usage: str, conventions: Conventions | None = None
) -> dict[str, Any]:
    """Measure each file on the pictures of one usage; agreement and McNemar's test are those with the first file.

    `conventions` say how the models are read that have neither card nor facts. If all models have one of these,
    `conventions` raise ConfigError.
    """
    described = [path for path in models if description_path(path).exists()]
    if conventions is not None and len(described) == len(models):
        raise already_described(description_path(described[0]))
    predictors = {path: _predictor(path, None if path in described else conventions) for path in models}
    warn_of_assumptions(predictors)
    samples = read_samples(data, usage)
    scores = {
        path: predictors[path].scores(samples.pixels, Role.LABELS) for path in progress_bar(models, "classifying")
    }
    compared = [_Compared(path, predictors[path], scores[path]) for path in models]
    return {
        "usage": usage,
        "n": len(samples),
        "models": [_row(each, samples, scores[models[0]].argmax(axis=1)) for each in compared],
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """A model with its scores."""

    path: Path
    predictor: KerasPredictor | TFLitePredictor
    scores: Scores


def _predictor(path: Path, conventions: Conventions | None) -> KerasPredictor | TFLitePredictor:
    return KerasPredictor(path, conventions) if path.suffix == ".keras" else TFLitePredictor(path, conventions)


def _row(compared: _Compared, samples: Samples, first: npt.NDArray[np.int64]) -> dict[str, Any]:
    predicted = compared.scores.argmax(axis=1)
    is_keras = isinstance(compared.predictor, KerasPredictor)
    return {
        "model": compared.path.name,
        "bytes": compared.path.stat().st_size,
        **measure(compared.scores, samples.labels),
        "agreement_with_first": round(float((predicted == first).mean()), 4),
        "mcnemar_with_first": round(mcnemar(predicted == samples.labels, first == samples.labels), 4),
        "arena_bytes": None if is_keras else arena_bytes(compared.path),
        "latency_ms": {str(threads): _latency_ms(compared, samples, threads) for threads in (1, 2)},
    }


def _latency_ms(compared: _Compared, samples: Samples, threads: int) -> float | None:
    """Return the median time in which a .tflite file classifies one prepared face."""
    if isinstance(compared.predictor, KerasPredictor):
        return None
    model, face = TFLiteModel(compared.path, threads), compared.predictor.prepared(samples.pixels[0])
    times_s = []
    for _ in range(WARM_UP_RUNS + TIMED_RUNS):
        started = time.perf_counter()
        model.run(face)
        times_s.append(time.perf_counter() - started)
    return round(1000 * statistics.median(times_s[WARM_UP_RUNS:]), 3)


def as_table(result: Mapping[str, Any]) -> list[str]:
    """Return lines of text: one for each model, then one for each model's recall of the emotions."""
    heads = (
        "KB",
        "accuracy",
        "95%",
        "macro F1",
        "agreement",
        "McNemar p",
        "calib. err.",
        "arena KB",
        "1 thread",
        "2 threads",
    )
    return [
        f"{result['n']} pictures of {result['usage']}; agreement and McNemar's test are with the first",
        _line("model", heads),
        *(_line(row["model"], _cells(row)) for row in result["models"]),
        _line("recall", SEVEN),
        *(_line(row["model"], [f"{recall:.1%}" for recall in row["recall"].values()]) for row in result["models"]),
    ]


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{row['bytes'] / 1000:.0f}",
        f"{row['accuracy']:.2%}",
        "{:.1%}-{:.1%}".format(*row["accuracy_interval"]),
        f"{row['macro_f1']:.3f}",
        f"{row['agreement_with_first']:.2%}",
        f"{row['mcnemar_with_first']:.3f}",
        f"{row['expected_calibration_error']:.2%}",
        "" if row["arena_bytes"] is None else f"{row['arena_bytes'] / 1000:.0f}",
        *("" if each is None else f"{each:.3f} ms" for each in row["latency_ms"].values()),
    ]


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:<28}" + "".join(f"{cell:>13}" for cell in cells)
