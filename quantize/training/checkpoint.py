"""The folder of an unfinished training: its state, the model that is kept so far, its log."""

from __future__ import annotations

import csv
import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.documents import read_json, read_text
from assistant.errors import ConfigError, DataError
from assistant.files import replaced_atomically
from quantize.plots import curves
from quantize.training.facts import checked_facts, facts_path
from quantize.training.recipe import Keep

LARGEST_LOG = 1 << 24

PLOTTED = ("loss", "accuracy", "val_loss", "val_accuracy")
"""Columns of the log that the curves are drawn from."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What an interrupted training leaves behind for `--resume`."""

    folder: Path

    @classmethod
    def beside(cls, out: Path, *, process: int = 0) -> Checkpoint:
        """Return the checkpoint of the training of `out`; each process has its own."""
        return cls(out.with_name(f"{out.stem}-checkpoint" + (f"-{process}" if process else "")))

    def begin(self, facts: Mapping[str, Any]) -> None:
        """Make an empty checkpoint for the training with these facts; an older checkpoint is removed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._facts.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")

    def check_resumable(self, facts: Mapping[str, Any]) -> None:
        """Check that a training with these facts can be resumed from this checkpoint.

        A checkpoint that is missing or damaged raises DataError, one that was begun with other facts ConfigError.
        """
        if not self.log.is_file():
            raise DataError(f"{self.folder}: there is no checkpoint to go on from; train without --resume")
        begun = checked_facts(self._facts, read_json(self._facts, DataError))
        wanted = json.loads(json.dumps(facts))
        for table, other in ((wanted["recipe"], begun["recipe"]), (wanted, begun)):
            for key, value in table.items():
                if value != other.get(key):
                    raise ConfigError(f"--resume: the training was begun with {key} {other.get(key)}, not {value}")
        if not all(_is_finite(row.get(name)) for row in self._rows() for name in PLOTTED):
            raise DataError(f"{self.log}: a loss or an accuracy is missing or damaged; train again without --resume")

    @property
    def _facts(self) -> Path:
        return self.folder / "facts.json"

    @property
    def log(self) -> Path:
        """The table with a row for each epoch that was trained."""
        return self.folder / "log.csv"

    @property
    def kept(self) -> Path:
        """The model of the best epoch, or of the last one, as the recipe says."""
        return self.folder / "kept.keras"

    def state(self, stage: int) -> Path:
        """Return where weights and optimizer of the last epoch of this stage are stored."""
        return self.folder / f"state-{stage}"

    def accuracies(self) -> list[float]:
        """Return the validation accuracy of each epoch that was trained."""
        return [float(row["val_accuracy"]) for row in self._rows()]

    def kept_epoch(self, keep: str) -> dict[str, Any]:
        """Return the facts of the epoch that is kept: its number, counted from 1, and its validation accuracy."""
        rows = self._rows()
        kept = rows[-1] if keep == Keep.LAST else max(rows, key=lambda row: float(row["val_accuracy"]))
        return {
            "validation_accuracy": round(float(kept["val_accuracy"]), 4),
            "kept_epoch": int(kept["epoch"]) + 1,
        }

    def _rows(self) -> list[dict[str, str]]:
        if not self.log.is_file():
            return []
        try:
            rows = list(csv.DictReader(read_text(self.log, DataError, LARGEST_LOG).splitlines()))
        except csv.Error as error:
            raise DataError(f"{self.log}: is damaged: {error}; train again without --resume") from error
        for number, row in enumerate(rows, start=1):
            if not all(_is_finite(row.get(key)) for key in ("epoch", "val_accuracy")):
                raise DataError(f"{self.log}: epoch {number} is damaged; train again without --resume")
        return rows

    def finish(self, out: Path, facts: dict[str, Any]) -> None:
        """Put the model that is kept, its log, curves and facts in place, and remove the checkpoint."""
        with replaced_atomically(out.with_suffix(".png")) as unfinished:
            unfinished.write_bytes(curves(self.log, out.stem))
        with replaced_atomically(facts_path(out)) as unfinished:
            unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        self.kept.replace(out)
        shutil.move(self.log, out.with_suffix(".log.csv"))
        self.remove()

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)


def _is_finite(text: str | None) -> bool:
    try:
        return text is not None and math.isfinite(float(text))
    except ValueError:
        return False
