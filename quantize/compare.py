"""Puts .tflite files side by side on the same pictures: what each form of a network costs and brings."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.preprocess import standardise
from quantize.datasets import Samples, read_samples
from quantize.forms import FileModel
from quantize.measures import LABELS, Probabilities, measure

TIMED_RUNS, WARM_UP_RUNS = 200, 20


def compare(models: Sequence[Path], data: Path, usage: str) -> dict[str, Any]:
    """Measure each file on the pictures of one usage; the first is what the others are held against."""
    from rich.progress import track

    samples = read_samples(data, usage)
    judged = {path: FileModel(path).probabilities(samples.pixels) for path in track(models, "judging", transient=True)}
    reference = judged[models[0]].argmax(axis=1)
    return {
        "usage": usage,
        "n": len(samples),
        "models": [_row(path, judged[path], reference, samples) for path in models],
    }


def _row(path: Path, judged: Probabilities, reference: npt.NDArray[np.int64], samples: Samples) -> dict[str, Any]:
    best = judged.argmax(axis=1)
    return {
        "model": path.name,
        "bytes": path.stat().st_size,
        **measure(judged, samples.labels),
        "agreement_with_first": round(float((best == reference).mean()), 4),
        "latency_ms": {str(threads): round(latency_ms(path, samples, threads), 3) for threads in (1, 2)},
    }


def latency_ms(path: Path, samples: Samples, threads: int) -> float:
    """The median time to judge one prepared face."""
    model, face = FileModel(path, threads), standardise(samples.pixels[0])
    times = []
    for _ in range(WARM_UP_RUNS + TIMED_RUNS):
        started = time.perf_counter()
        model.logits(face)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times[WARM_UP_RUNS:])


def as_table(result: dict[str, Any]) -> list[str]:
    """Lines of text: a model a line, then the recall of each emotion."""
    lines = [f"{result['n']} pictures of {result['usage']}; agreement is with the first"]
    heads = ("KB", "accuracy", "macro F1", "agreement", "calib. err.", "1 thread", "2 threads")
    lines.append(f"{'model':<28}" + "".join(f"{head:>13}" for head in heads))
    for row in result["models"]:
        cells = [
            f"{row['bytes'] / 1000:.0f}",
            f"{row['accuracy']:.2%}",
            f"{row['macro_f1']:.3f}",
            f"{row['agreement_with_first']:.2%}",
            f"{row['expected_calibration_error']:.2%}",
            *(f"{milliseconds:.3f} ms" for milliseconds in row["latency_ms"].values()),
        ]
        lines.append(f"{row['model']:<28}" + "".join(f"{cell:>13}" for cell in cells))
    lines.append(f"{'recall':<28}" + "".join(f"{label:>13}" for label in LABELS))
    for row in result["models"]:
        recalls = "".join(f"{recall:>13.1%}" for recall in row["recall"].values())
        lines.append(f"{row['model']:<28}{recalls}")
    return lines
