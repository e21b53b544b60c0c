"""Writes a folder of plots, and a page that shows them all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.files import replaced_atomically
from quantize.data.samples import SEVEN, Gray
from quantize.data.stats import SAMPLES_PER_EMOTION, Statistics
from quantize.evaluation.evaluate import Evaluation, Predictions
from quantize.evaluation.metrics import reliability, risk_coverage
from quantize.plots import bars, one_against_all, page, reliability_diagram, risk_curve, sheet, table


def write_statistics(folder: Path, name: str, statistics: Statistics, summary: Mapping[str, Any]) -> Path:
    """Write the plots of a data set's statistics, and the page `stats.html`; return the path of the page."""
    plots = {
        "counts": bars(summary["counts"], "Pictures of each emotion"),
        "samples": sheet([statistics.samples[label] for label in range(len(SEVEN))], SEVEN, "Samples"),
    }
    if summary["ferplus"]:
        numbers = summary["ferplus"]["table"]
        plots["agreement"] = table(numbers, SEVEN, "FER-2013's label", "FER+'s majority", "Pictures")
    return write_page(folder, "stats.html", plots, name=name, labels=SEVEN, summary=summary)


def write_evaluation(folder: Path, evaluation: Evaluation) -> Path:
    """Write the plots of a model's evaluation, and the page `evaluation.html`; return the path of the page."""
    by_labels, result = evaluation.by_labels, evaluation.result
    is_label = np.arange(len(SEVEN)) == by_labels.labels[:, np.newaxis]
    plots = {
        **_plots(by_labels, result["confusion"], "FER-2013's label"),
        "curves": one_against_all(by_labels.scores, is_label, SEVEN),
        "mistakes": sheet(hardest_mistakes(evaluation), SEVEN, "Mistakes with the highest confidence, by label"),
    }
    if evaluation.by_crowd is not None:
        crowd = _plots(evaluation.by_crowd, result["ferplus_confusion"], "FER+'s majority")
        plots |= {f"crowd_{name}": png for name, png in crowd.items()}
    return write_page(folder, "evaluation.html", plots, name=result["model"], labels=SEVEN, result=result)


def _plots(predictions: Predictions, confusion: list[list[int]], truth: str) -> dict[str, bytes]:
    return {
        "confusion": table(confusion, SEVEN, truth, "predicted", f"Confusion, by {truth}"),
        "reliability": reliability_diagram(reliability(predictions.scores, predictions.labels), truth),
        "risk": risk_curve(*risk_coverage(predictions.scores, predictions.labels), truth),
    }


def hardest_mistakes(evaluation: Evaluation) -> list[list[Gray]]:
    """Return for each label the pictures that were classified wrongly with the highest confidence."""
    scores, samples = evaluation.by_labels.scores, evaluation.samples
    order = np.argsort(-scores.max(axis=1), kind="stable")
    wrong = order[(scores.argmax(axis=1) != samples.labels)[order]]
    by_label = [wrong[samples.labels[wrong] == label] for label in range(len(SEVEN))]
    return [list(samples.pixels[places[:SAMPLES_PER_EMOTION]]) for places in by_label]


def write_page(folder: Path, template: str, plots: Mapping[str, bytes], **content: Any) -> Path:
    """Write each plot as a PNG file, and the page that shows them all; return the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, png in plots.items():
        with replaced_atomically(folder / f"{name}.png") as unfinished:
            unfinished.write_bytes(png)
    target = folder / template
    with replaced_atomically(target) as unfinished:
        unfinished.write_text(page(template, plots, **content), encoding="utf-8")
    return target
