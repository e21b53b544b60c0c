"""Reads FER-2013 (`fer2013.csv`) and the FER+ votes (`fer2013new.csv`) as people have them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import DataError

PICTURE_SIZE_PX = 48
PIXELS = PICTURE_SIZE_PX**2
PIXEL_COLUMNS = ("emotion", "pixels", "Usage")
VOTE_COLUMNS = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)
"""FER+'s ten answers, in its file's order."""

VOTED_EMOTION: dict[str, Emotion] = {
    "neutral": Emotion.NEUTRAL,
    "happiness": Emotion.HAPPY,
    "surprise": Emotion.SURPRISE,
    "sadness": Emotion.SAD,
    "anger": Emotion.ANGRY,
    "disgust": Emotion.DISGUST,
    "fear": Emotion.FEAR,
}

csv.field_size_limit(1 << 20)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Pictures with their labels, row for row.

    `pixels` is uint8 [N, 48, 48]; `labels` uint8 [N], FER-2013's numbers; `row` int64 [N], each picture's place
    in the file, counted from 0 without the header.
    """

    pixels: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    row: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: npt.NDArray[np.int64]) -> Samples:
        """The samples at these positions."""
        return Samples(self.pixels[chosen], self.labels[chosen], self.row[chosen])


@dataclass(frozen=True, slots=True)
class _Row:
    label: int
    pixels: npt.NDArray[np.uint8]


def read_fer2013(path: Path, usage: str) -> Samples:
    """Read the rows of one usage (`Training`, `PublicTest`, `PrivateTest`).

    Raises DataError naming the line for a bad row, and the usages there are when this one is missing.
    """
    pixels: list[npt.NDArray[np.uint8]] = []
    labels: list[int] = []
    rows: list[int] = []
    met: set[str] = set()
    for number, (line, record) in enumerate(_records(path, PIXEL_COLUMNS)):
        met.add(record["Usage"])
        if record["Usage"] != usage:
            continue
        sample = _parse(path, line, record)
        pixels.append(sample.pixels)
        labels.append(sample.label)
        rows.append(number)
    if not rows:
        raise DataError(f"{path}: no row has the usage {usage!r}; it has {_listed(met)}")
    return Samples(np.stack(pixels), np.array(labels, np.uint8), np.array(rows, np.int64))


def read_votes(path: Path, row: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Read FER+'s votes, uint8 [N, 10] in the order of `VOTE_COLUMNS`, for these rows of `fer2013.csv`."""
    table = [_votes(path, line, record) for line, record in _records(path, VOTE_COLUMNS)]
    if len(row) and int(row.max()) >= len(table):
        raise DataError(f"{path}: has {len(table)} rows, too few for the pictures: is it the FER+ file for this csv?")
    return np.array(table, np.uint8)[row]


def majority(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """FER+'s majority as a FER-2013 label, int64 [N].

    It is -1 where no single answer of the ten is largest, or where the largest is none of the seven emotions.
    """
    order = np.sort(votes, axis=1)
    single = order[:, -1] > order[:, -2]
    as_label = np.array([EMOTIONS.index(VOTED_EMOTION[name]) if name in VOTED_EMOTION else -1 for name in VOTE_COLUMNS])
    return np.where(single, as_label[votes.argmax(axis=1)], -1)


def _records(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path}: the column {missing[0]!r} is missing; needed are {_listed(columns)}")
            for record in reader:
                if None in record or None in record.values():
                    raise DataError(f"{path}, line {reader.line_num}: not as many fields as the header has")
                yield reader.line_num, record
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: is no CSV file: {error}") from error


def _parse(path: Path, line: int, record: dict[str, str]) -> _Row:
    label = record["emotion"].strip()
    if not label.isdecimal() or int(label) >= len(EMOTIONS):
        raise DataError(f"{path}, line {line}: the emotion {label!r} is no number from 0 to {len(EMOTIONS) - 1}")
    try:
        values = np.array(record["pixels"].split(), dtype=np.int64)
    except (ValueError, OverflowError):
        raise DataError(f"{path}, line {line}: a pixel is no whole number") from None
    if values.size != PIXELS:
        raise DataError(f"{path}, line {line}: {values.size} pixels instead of {PIXELS}")
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{path}, line {line}: a pixel lies outside 0 to 255")
    return _Row(int(label), values.astype(np.uint8).reshape(PICTURE_SIZE_PX, PICTURE_SIZE_PX))


def _votes(path: Path, line: int, record: dict[str, str]) -> list[int]:
    votes = [record[name].strip() for name in VOTE_COLUMNS]
    if not all(vote.isdecimal() and int(vote) <= 255 for vote in votes):
        raise DataError(f"{path}, line {line}: votes are whole numbers: {' '.join(votes)}")
    return [int(vote) for vote in votes]


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "none"
