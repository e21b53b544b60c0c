"""Data sets in the forms that are in use: `fer2013.csv`, with FER+'s votes or without, or folders of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.emotions import Emotion
from assistant.errors import ConfigError, DataError
from quantize.data import fer2013, folders
from quantize.data.ferplus import Votes, read_votes
from quantize.data.samples import Entry, Gray, Samples, listed


@dataclass(frozen=True, slots=True)
class DataSet:
    """A table of pictures, with FER+'s votes on its rows or without, or a folder of pictures."""

    path: Path
    ferplus: Path | None = None
    skip: tuple[str, ...] = ()
    """The names of class folders that are left out, in upper or lower case."""
    classes: tuple[tuple[str, Emotion], ...] = ()
    """The emotions of class folders whose names are others, such as numbers."""

    def __post_init__(self) -> None:
        folder = self.path.is_dir()
        if folder and self.ferplus is not None:
            raise ConfigError(
                f"--ferplus {self.ferplus}: its votes belong to the rows of fer2013.csv, but {self.path} is a folder "
                "of pictures; give the table, or leave --ferplus out"
            )
        if self.skip and not folder:
            raise ConfigError(f"--skip {self.skip[0]}: leaves out a class folder, and {self.path} is not a folder")
        names = [name.casefold() for name, _ in self.classes]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ConfigError(f"--classes {twice[0]}: is there twice; give each class folder once")
        if self.classes and not folder:
            raise ConfigError(f"--classes {self.classes[0][0]}: names a class folder, and {self.path} is not a folder")

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read, which no output may overwrite."""
        return (self.path,) if self.ferplus is None else (self.path, self.ferplus)

    def votes(self) -> Votes | None:
        """Read FER+'s votes on every row, uint8 [rows, 10]; return None where no file of votes is given.

        Votes on other rows than the table's raise DataError.
        """
        return None if self.ferplus is None else read_votes(self.ferplus, self.path)


def entries(data: DataSet) -> Iterator[Entry]:
    """Yield every picture of the table or the folder, in order; a path that is neither raises DataError."""
    return (
        folders.entries(data.path, data.skip, dict(data.classes)) if data.path.is_dir() else fer2013.entries(data.path)
    )


def read_samples(data: DataSet, usage: str) -> Samples:
    """Read the pictures of one usage.

    A bad picture raises DataError that names its location, a usage without pictures DataError that names the others.
    """
    pixels: list[Gray] = []
    labels: list[int] = []
    rows: list[int] = []
    usages: set[str] = set()
    for entry in entries(data):
        usages.add(entry.usage)
        if entry.usage in (usage, ""):
            label, picture = entry.load()
            pixels.append(picture)
            labels.append(label)
            rows.append(entry.row)
    if not rows:
        raise DataError(f"{data.path}: nothing has the usage {usage!r}; it has {listed(usages)}")
    return Samples(np.stack(pixels), np.array(labels, np.uint8), np.array(rows, np.int64))
