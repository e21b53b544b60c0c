"""Data sets as people have them: `fer2013.csv` with FER+'s votes or without, or folders of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.errors import ConfigError, DataError
from quantize.data import fer2013, folders
from quantize.data.ferplus import Votes, read_votes
from quantize.data.samples import Entry, Gray, Samples, listed


@dataclass(frozen=True, slots=True)
class DataSet:
    """Which pictures are taken: a table or a folder, with FER+'s votes on the table's rows, without some folders."""

    path: Path
    ferplus: Path | None = None
    skip: tuple[str, ...] = ()
    """Names of class folders that are left out, in any case."""

    def __post_init__(self) -> None:
        folder = self.path.is_dir()
        if folder and self.ferplus is not None:
            raise ConfigError(
                f"--ferplus {self.ferplus}: its votes are on the rows of fer2013.csv, and {self.path} is a folder of "
                "pictures, which have no rows: give the table, or leave --ferplus out"
            )
        if self.skip and not folder:
            raise ConfigError(f"--skip {self.skip[0]}: leaves out a class folder, and {self.path} is no folder")

    @property
    def files(self) -> tuple[Path, ...]:
        """What is read, which no output may overwrite."""
        return (self.path,) if self.ferplus is None else (self.path, self.ferplus)

    def votes(self) -> Votes | None:
        """FER+'s votes on every row, uint8 [rows, 10], or None; DataError when they are on other rows."""
        return None if self.ferplus is None else read_votes(self.ferplus, self.path)


def entries(data: DataSet) -> Iterator[Entry]:
    """Every picture of the table or the folder, in order; DataError when it is neither."""
    return folders.entries(data.path, data.skip) if data.path.is_dir() else fer2013.entries(data.path)


def read_samples(data: DataSet, usage: str) -> Samples:
    """Read the pictures of one usage.

    Raises DataError naming the place of a bad one, and the usages there are when this one is missing.
    """
    pixels: list[Gray] = []
    labels: list[int] = []
    rows: list[int] = []
    met: set[str] = set()
    for entry in entries(data):
        met.add(entry.usage)
        if entry.usage in (usage, ""):
            label, picture = entry.load()
            pixels.append(picture)
            labels.append(label)
            rows.append(entry.row)
    if not rows:
        raise DataError(f"{data.path}: nothing has the usage {usage!r}; it has {listed(met)}")
    return Samples(np.stack(pixels), np.array(labels, np.uint8), np.array(rows, np.int64))
