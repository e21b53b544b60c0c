"""Writes folders of plots with a page that holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.files import replaced_atomically
from quantize.evaluate import Evaluation
from quantize.measures import LABELS, reliability, risk_coverage
from quantize.plots import against_the_rest, bars, page, reliability_diagram, risk_curve, sheet, table
from quantize.stats import SAMPLES_PER_EMOTION, Statistics, sample_sheet


def write_statistics(folder: Path, name: str, statistics: Statistics, summary: Mapping[str, Any]) -> Path:
    """Write the plots of a data set's statistics and `stats.html`, whose path is returned."""
    plots = {
        "counts": bars(summary["counts"], "Pictures of each emotion"),
        "samples": sheet(sample_sheet(statistics), LABELS, "Samples"),
    }
    if summary["ferplus"]:
        numbers = summary["ferplus"]["table"]
        plots["agreement"] = table(numbers, LABELS, "FER-2013's label", "FER+'s majority", "Pictures")
    return write_page(folder, "stats.html", plots, name=name, labels=LABELS, summary=summary)


def write_evaluation(folder: Path, evaluation: Evaluation) -> Path:
    """Write the plots of a model's evaluation and `evaluation.html`, whose path is returned."""
    judged, labels, result = evaluation.judged, evaluation.samples.labels, evaluation.result
    one_in_turn = np.arange(len(LABELS)) == labels[:, np.newaxis]
    plots = {
        "confusion": table(result["confusion"], LABELS, "label", "judged", "Confusion"),
        "reliability": reliability_diagram(reliability(judged, labels)),
        "risk": risk_curve(*risk_coverage(judged, labels)),
        "curves": against_the_rest(judged, one_in_turn, LABELS),
        "mistakes": sheet(hardest_mistakes(evaluation), LABELS, "Judged most surely, and wrongly, by label"),
    }
    return write_page(folder, "evaluation.html", plots, name=result["model"], labels=LABELS, result=result)


def hardest_mistakes(evaluation: Evaluation) -> npt.NDArray[np.uint8]:
    """A row for each label: the pictures that were judged wrongly with the highest confidence; black where fewer."""
    judged, samples = evaluation.judged, evaluation.samples
    size = samples.pixels.shape[1]
    made = np.zeros((len(LABELS) * size, SAMPLES_PER_EMOTION * size), np.uint8)
    wrong = judged.argmax(axis=1) != samples.labels
    for label in range(len(LABELS)):
        places = np.flatnonzero(wrong & (samples.labels == label))
        surest = places[np.argsort(-judged[places].max(axis=1), kind="stable")][:SAMPLES_PER_EMOTION]
        for column, place in enumerate(surest):
            made[label * size : (label + 1) * size, column * size : (column + 1) * size] = samples.pixels[place]
    return made


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
