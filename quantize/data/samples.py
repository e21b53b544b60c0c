"""Data sets as people have them, entry by entry: `fer2013.csv` with FER+'s votes or without, or folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.errors import ConfigError, DataError, shown

PICTURE_SIZE_PX = 48
SEVEN = tuple(str(emotion) for emotion in EMOTIONS)
MOST_LISTED = 12
Gray = npt.NDArray[np.uint8]


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

    def votes(self) -> npt.NDArray[np.uint8] | None:
        """FER+'s votes on every row, uint8 [rows, 10], or None; DataError when they are on other rows."""
        from quantize.data.ferplus import read_votes

        return None if self.ferplus is None else read_votes(self.ferplus, self.path)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Pictures with their labels, row for row.

    `pixels` is uint8 [N, 48, 48]; `labels` uint8 [N], FER-2013's numbers; `row` int64 [N], each picture's place
    in the data set, counted from 0.
    """

    pixels: Gray
    labels: npt.NDArray[np.uint8]
    row: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: npt.NDArray[np.int64]) -> Samples:
        """The samples at these positions."""
        return Samples(self.pixels[chosen], self.labels[chosen], self.row[chosen])


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of a data set, not read yet."""

    usage: str
    """`Training`, `PublicTest`, `PrivateTest`, `Validation` or what the table says; empty where it cannot be told."""
    place: str
    """Where it stands, for people: the file, and in a table the line."""
    row: int
    load: Callable[[], tuple[int, Gray]]
    """Reads (FER-2013's label number, pixels uint8 [48, 48]); DataError names the place and what is wrong."""


def entries(data: DataSet) -> Iterator[Entry]:
    """Every picture of the table or the folder, in order; DataError when it is neither."""
    from quantize.data import fer2013, folders

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


def listed(names: Iterable[str]) -> str:
    """Names in quotes, for a message: the first of many, each cut short where it is long."""
    first = sorted(names)
    more = [] if len(first) <= MOST_LISTED else [f"and {len(first) - MOST_LISTED} more"]
    return ", ".join([*map(shown, first[:MOST_LISTED]), *more]) or "none"
