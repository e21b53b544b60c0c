"""Writes folders of plots with a page that holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.files import replaced_atomically
from quantize.data.samples import SEVEN, Gray
from quantize.data.stats import SAMPLES_PER_EMOTION, Statistics
from quantize.evaluation.evaluate import Evaluation, Judged
from quantize.evaluation.metrics import reliability, risk_coverage
from quantize.plots import against_the_rest, bars, page, reliability_diagram, risk_curve, sheet, table


def write_statistics(folder: Path, name: str, statistics: Statistics, summary: Mapping[str, Any]) -> Path:
    """Write the plots of a data set's statistics and `stats.html`, whose path is returned."""
    plots = {
        "counts": bars(summary["counts"], "Pictures of each emotion"),
        "samples": sheet([statistics.samples[label] for label in range(len(SEVEN))], SEVEN, "Samples"),
    }
    if summary["ferplus"]:
        numbers = summary["ferplus"]["table"]
        plots["agreement"] = table(numbers, SEVEN, "FER-2013's label", "FER+'s majority", "Pictures")
    return write_page(folder, "stats.html", plots, name=name, labels=SEVEN, summary=summary)


def write_evaluation(folder: Path, evaluation: Evaluation) -> Path:
    """Write the plots of a model's evaluation and `evaluation.html`, whose path is returned."""
    by_labels, result = evaluation.by_labels, evaluation.result
    one_in_turn = np.arange(len(SEVEN)) == by_labels.labels[:, np.newaxis]
    plots = {
        **_plots(by_labels, result["confusion"], "FER-2013's label"),
        "curves": against_the_rest(by_labels.scores, one_in_turn, SEVEN),
        "mistakes": sheet(hardest_mistakes(evaluation), SEVEN, "Judged most surely, and wrongly, by label"),
    }
    if evaluation.by_crowd is not None:
        crowd = _plots(evaluation.by_crowd, result["ferplus_confusion"], "FER+'s majority")
        plots |= {f"crowd_{name}": png for name, png in crowd.items()}
    return write_page(folder, "evaluation.html", plots, name=result["model"], labels=SEVEN, result=result)


def _plots(judged: Judged, confusion: list[list[int]], truth: str) -> dict[str, bytes]:
    return {
        "confusion": table(confusion, SEVEN, truth, "judged", f"Confusion, by {truth}"),
        "reliability": reliability_diagram(reliability(judged.scores, judged.labels), truth),
        "risk": risk_curve(*risk_coverage(judged.scores, judged.labels), truth),
    }


def hardest_mistakes(evaluation: Evaluation) -> list[list[Gray]]:
    """For each label the pictures that were judged wrongly with the highest confidence."""
    scores, samples = evaluation.by_labels.scores, evaluation.samples
    surest = np.argsort(-scores.max(axis=1), kind="stable")
    wrong = surest[(scores.argmax(axis=1) != samples.labels)[surest]]
    by_label = [wrong[samples.labels[wrong] == label] for label in range(len(SEVEN))]
    return [list(samples.pixels[places[:SAMPLES_PER_EMOTION]]) for places in by_label]


def write_page(folder: Path, template: str, plots: Mapping[str, bytes], **content: Any) -> Path:
    """Write each plot as a PNG file and the page that holds them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, png in plots.items():
        with replaced_atomically(folder / f"{name}.png") as unfinished:
            unfinished.write_bytes(png)
    target = folder / template
    with replaced_atomically(target) as unfinished:
        unfinished.write_text(page(template, plots, **content), encoding="utf-8")
    return target
