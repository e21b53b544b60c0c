"""Puts models side by side on the same pictures: what each form of a network costs and brings."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.model_card import Role
from quantize.data.dataset import DataSet, read_samples
from quantize.data.samples import SEVEN, Samples
from quantize.evaluation.metrics import Probabilities, measure
from quantize.evaluation.predictors import FilePredictor, KerasPredictor, say_assumed, tells_of, told_by
from quantize.evaluation.readings import Reading
from quantize.networks.tflite_files import FileModel, arena_bytes
from quantize.progress import shown

TIMED_RUNS, WARM_UP_RUNS = 200, 20

Best = npt.NDArray[np.int64]


def compare(models: Sequence[Path], data: DataSet, usage: str, reading: Reading | None = None) -> dict[str, Any]:
    """Measure each file on the pictures of one usage; the first is what the others are held against.

    `reading` says how the models are read that have neither card nor facts; ConfigError when all have.
    """
    told = [path for path in models if tells_of(path).exists()]
    if reading is not None and len(told) == len(models):
        raise told_by(tells_of(told[0]))
    predictors = {path: _predictor(path, None if path in told else reading) for path in models}
    say_assumed(predictors)
    samples = read_samples(data, usage)
    judged = {path: predictors[path].scores(samples.pixels, Role.LABELS) for path in shown(models, "judging")}
    reference = judged[models[0]].argmax(axis=1)
    return {
        "usage": usage,
        "n": len(samples),
        "models": [_row(path, predictors[path], judged[path], reference, samples) for path in models],
    }


def _predictor(path: Path, reading: Reading | None) -> KerasPredictor | FilePredictor:
    return KerasPredictor(path, reading) if path.suffix == ".keras" else FilePredictor(path, reading)


def _row(
    path: Path, predictor_of: KerasPredictor | FilePredictor, judged: Probabilities, reference: Best, samples: Samples
) -> dict[str, Any]:
    best = judged.argmax(axis=1)
    return {
        "model": path.name,
        "bytes": path.stat().st_size,
        **measure(judged, samples.labels),
        "agreement_with_first": round(float((best == reference).mean()), 4),
        "arena_bytes": None if isinstance(predictor_of, KerasPredictor) else arena_bytes(path),
        "latency_ms": {str(threads): _latency_ms(path, predictor_of, samples, threads) for threads in (1, 2)},
    }


def _latency_ms(
    path: Path, predictor_of: KerasPredictor | FilePredictor, samples: Samples, threads: int
) -> float | None:
    """The median time to judge one prepared face by a .tflite file."""
    if isinstance(predictor_of, KerasPredictor):
        return None
    model, face = FileModel(path, threads), predictor_of.prepared(samples.pixels[0])
    times = []
    for _ in range(WARM_UP_RUNS + TIMED_RUNS):
        started = time.perf_counter()
        model.answer(face)
        times.append(time.perf_counter() - started)
    return round(1000 * statistics.median(times[WARM_UP_RUNS:]), 3)


def as_table(result: dict[str, Any]) -> list[str]:
    """Lines of text: a model a line, then the recall of each emotion."""
    lines = [f"{result['n']} pictures of {result['usage']}; agreement is with the first"]
    heads = ("KB", "accuracy", "macro F1", "agreement", "calib. err.", "arena KB", "1 thread", "2 threads")
    lines.append(f"{'model':<28}" + "".join(f"{head:>13}" for head in heads))
    for row in result["models"]:
        cells = [
            f"{row['bytes'] / 1000:.0f}",
            f"{row['accuracy']:.2%}",
            f"{row['macro_f1']:.3f}",
            f"{row['agreement_with_first']:.2%}",
            f"{row['expected_calibration_error']:.2%}",
            "" if row["arena_bytes"] is None else f"{row['arena_bytes'] / 1000:.0f}",
            *("" if each is None else f"{each:.3f} ms" for each in row["latency_ms"].values()),
        ]
        lines.append(f"{row['model']:<28}" + "".join(f"{cell:>13}" for cell in cells))
    lines.append(f"{'recall':<28}" + "".join(f"{label:>13}" for label in SEVEN))
    for row in result["models"]:
        recalls = "".join(f"{recall:>13.1%}" for recall in row["recall"].values())
        lines.append(f"{row['model']:<28}{recalls}")
    return lines
