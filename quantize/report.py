"""Writes folders of plots with a page that holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.files import replaced_atomically
from quantize.plots import bars, page, sheet, table
from quantize.stats import LABELS, Statistics, sample_sheet


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
