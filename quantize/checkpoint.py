"""The folder of an unfinished training: its state, its best model so far, its log."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.networks import facts_path


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What an interrupted training leaves for `--resume`."""

    folder: Path

    @classmethod
    def beside(cls, out: Path, *, resume: bool, process: int = 0) -> Checkpoint:
        """The checkpoint of the training of `out`: removed, or with `resume` the one to go on from (else DataError)."""
        checkpoint = cls(out.with_name(f"{out.stem}-checkpoint" + (f"-{process}" if process else "")))
        if resume and not checkpoint.log.is_file():
            raise DataError(f"{checkpoint.folder}: there is no checkpoint to go on from; train without --resume")
        if not resume:
            shutil.rmtree(checkpoint.folder, ignore_errors=True)
        return checkpoint

    @property
    def log(self) -> Path:
        """A row for each epoch that was trained."""
        return self.folder / "log.csv"

    @property
    def best(self) -> Path:
        """The model of the epoch that validated best."""
        return self.folder / "best.keras"

    def state(self, stage: int) -> Path:
        """Weights and optimizer of the last epoch, for each stage of a training."""
        return self.folder / f"state-{stage}"

    def accuracies(self) -> list[float]:
        """The validation accuracy of each epoch that was trained."""
        if not self.log.is_file():
            return []
        with self.log.open(newline="", encoding="utf-8") as file:
            return [float(row["val_accuracy"]) for row in csv.DictReader(file)]

    def keep(self, out: Path, facts: dict[str, Any]) -> None:
        """Put the best model, its log, curves and facts in place, and remove the checkpoint."""
        from quantize.plots import curves

        with replaced_atomically(out.with_suffix(".png")) as unfinished:
            unfinished.write_bytes(curves(self.log, out.stem))
        with replaced_atomically(facts_path(out)) as unfinished:
            unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        shutil.move(self.log, out.with_suffix(".log.csv"))
        self.best.replace(out)
        self.remove()

    def remove(self) -> None:
        """Forget it."""
        shutil.rmtree(self.folder)
