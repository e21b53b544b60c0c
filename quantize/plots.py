"""Draws plots, as PNG bytes, and renders the pages that show them."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DPI = 110


def bars(counts: Mapping[str, Mapping[str, float]], title: str, unit: str = "pictures") -> bytes:
    """Draw bars of numbers by label, in a colour for each group."""
    figure, axes = _figure(8, 3.6)
    width = 0.8 / max(1, len(counts))
    for number, (group, by_label) in enumerate(counts.items()):
        places = np.arange(len(by_label)) + (number - (len(counts) - 1) / 2) * width
        drawn = axes.bar(places, list(by_label.values()), width, label=group)
        axes.bar_label(drawn, fontsize=7, rotation=90 if len(counts) > 2 else 0, padding=2)
    axes.set_xticks(range(len(by_label)), list(by_label))
    axes.set_ylabel(unit)
    axes.margins(y=0.12)
    axes.set_title(title)
    figure.legend(loc="outside upper right", ncols=len(counts))
    return _png(figure)


def table(values: Sequence[Sequence[int]], labels: Sequence[str], rows: str, columns: str, title: str) -> bytes:
    """Draw a table of numbers; a cell is shaded by its share of the row."""
    numbers = np.asarray(values, dtype=np.float64)
    shares = numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1)
    figure, axes = _figure(6.4, 5.4)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*numbers.shape):
        color = "white" if shares[row, column] > 0.5 else "black"
        text = f"{int(numbers[row, column])}\n{shares[row, column]:.0%}"
        axes.text(column, row, text, ha="center", va="center", color=color, fontsize=7)
    axes.set_xticks(range(len(labels)), list(labels), rotation=30)
    axes.set_yticks(range(len(labels)), list(labels))
    axes.set_xlabel(columns)
    axes.set_ylabel(rows)
    axes.set_title(title)
    return _png(figure)


def sheet(rows: Sequence[Sequence[npt.NDArray[np.uint8]]], labels: Sequence[str], title: str) -> bytes:
    """Draw rows of equally large pictures with a label beside each row; a short row ends in black."""
    height_px, width_px = next(each.shape for row in rows for each in row) if any(rows) else (1, 1)
    picture = np.zeros((len(rows) * height_px, max(1, *map(len, rows)) * width_px), np.uint8)
    for down, row in enumerate(rows):
        for across, each in enumerate(row):
            picture[down * height_px :, across * width_px :][:height_px, :width_px] = each
    figure, axes = _figure(7.5, 5.6)
    axes.imshow(picture, cmap="gray", vmin=0, vmax=255)
    height = picture.shape[0] / len(labels)
    axes.set_yticks([(number + 0.5) * height for number in range(len(labels))], list(labels))
    axes.set_xticks([])
    axes.set_title(title)
    return _png(figure)


def reliability_diagram(bins: Sequence[Mapping[str, float]], truth: str) -> bytes:
    """Draw accuracy against confidence; on the diagonal, the model is right as often as its confidence says."""
    figure, axes = _figure(4.8, 4.4)
    axes.plot([0, 1], [0, 1], "--", color="gray", label="perfect calibration")
    sizes = [20 + 600 * each["share"] for each in bins]
    axes.scatter(
        [each["confidence"] for each in bins], [each["accuracy"] for each in bins], sizes, label="bins, by share"
    )
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    axes.set_title(f"Reliability, by {truth}")
    axes.legend()
    return _png(figure)


def risk_curve(coverage: npt.NDArray[np.float64], risk: npt.NDArray[np.float64], truth: str) -> bytes:
    """Draw the share of mistakes when only the pictures with the highest confidence are classified."""
    figure, axes = _figure(4.8, 4.4)
    axes.plot(coverage, risk)
    axes.set_xlabel("share of pictures that are classified, highest confidence first")
    axes.set_ylabel("share of mistakes among them")
    axes.set_ylim(0, max(0.05, float(risk.max()) * 1.05))
    axes.set_title(f"Risk against coverage, by {truth}")
    return _png(figure)


def one_against_all(scores: npt.NDArray[np.float32], truth: npt.NDArray[np.bool_], labels: Sequence[str]) -> bytes:
    """Draw the ROC and precision-recall curves of each label against all others; scores and truth are [N, labels]."""
    from sklearn.metrics import precision_recall_curve, roc_curve

    figure, (left, right) = _figure(9.5, 4.4, columns=2)
    for number, label in enumerate(labels):
        if 0 < truth[:, number].sum() < len(truth):
            false_rate, true_rate, _ = roc_curve(truth[:, number], scores[:, number])
            precision, recall, _ = precision_recall_curve(truth[:, number], scores[:, number])
            left.plot(false_rate, true_rate, label=label)
            right.plot(recall, precision, label=label)
    for axes, title, across, up in (
        (left, "ROC", "false positive rate", "true positive rate"),
        (right, "Precision against recall", "recall", "precision"),
    ):
        axes.set_title(title)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
    if right.lines:
        right.legend(fontsize=8)
    return _png(figure)


def curves(log: Path, title: str) -> bytes:
    """Draw loss and accuracy of each epoch, from the log that Keras's CSVLogger writes."""
    with log.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    figure, axes = _figure(9, 3.6, columns=2)
    for side, name in zip(axes, ("loss", "accuracy"), strict=True):
        for key, label in ((name, "training"), (f"val_{name}", "validation")):
            side.plot(range(1, len(rows) + 1), [float(row[key]) for row in rows], label=label)
        side.set_xlabel("epoch")
        side.set_ylabel(name)
        side.legend()
    figure.suptitle(title)
    return _png(figure)


def page(template: str, plots: Mapping[str, bytes], **content: Any) -> str:
    """Render an HTML page from a template of this package; the plots are inside the page."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("quantize"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    encoded = {name: base64.b64encode(png).decode("ascii") for name, png in plots.items()}
    return str(environment.get_template(template).render(plots=encoded, **content))


def _figure(width: float, height: float, columns: int = 1) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    return figure, figure.subplots(1, columns)


def _png(figure: Any) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format="png")
    return target.getvalue()
