"""FER-2013's table (`fer2013.csv`) and the FER+ votes on it (`fer2013new.csv`), row for row.

I. Goodfellow et al., "Challenges in Representation Learning", 2013; E. Barsoum et al., "Training Deep Networks for
Facial Expression Recognition with Crowd-Sourced Label Distribution", ICMI 2016.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import DataError
from quantize.datasets import PICTURE_SIZE_PX, Entry, Gray, listed

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

Record = dict[str, str]
csv.field_size_limit(1 << 20)


def entries(path: Path) -> Iterator[Entry]:
    """Every row of `fer2013.csv`; DataError when it is no such table."""
    for row, (place, record) in enumerate(_records(path, PIXEL_COLUMNS)):
        yield Entry(record["Usage"] or "", place, row, partial(_parse, place, record))


def read_votes(path: Path, row: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Read FER+'s votes, uint8 [N, 10] in the order of `VOTE_COLUMNS`, for these rows of `fer2013.csv`."""
    table = [_votes(place, record) for place, record in _records(path, VOTE_COLUMNS)]
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


def _records(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, Record]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path}: the column {missing[0]!r} is missing; needed are {listed(columns)}")
            for record in reader:
                yield f"{path}, line {reader.line_num}", record
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: is no CSV file: {error}") from error


def _parse(place: str, record: Record) -> tuple[int, Gray]:
    _check_fields(place, record)
    if not record["Usage"].strip():
        raise DataError(f"{place}: has no usage, Training or PublicTest or another")
    label = record["emotion"].strip()
    if not label.isdecimal() or int(label) >= len(EMOTIONS):
        raise DataError(f"{place}: the emotion {label!r} is no number from 0 to {len(EMOTIONS) - 1}")
    try:
        values = np.array(record["pixels"].split(), dtype=np.int64)
    except (ValueError, OverflowError):
        raise DataError(f"{place}: a pixel is no whole number") from None
    if values.size != PIXELS:
        raise DataError(f"{place}: {values.size} pixels instead of {PIXELS}")
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{place}: a pixel lies outside 0 to 255")
    return int(label), values.astype(np.uint8).reshape(PICTURE_SIZE_PX, PICTURE_SIZE_PX)


def _votes(place: str, record: Record) -> list[int]:
    _check_fields(place, record)
    votes = [record[name].strip() for name in VOTE_COLUMNS]
    if not all(vote.isdecimal() and int(vote) <= 255 for vote in votes):
        raise DataError(f"{place}: votes are whole numbers: {' '.join(votes)}")
    return [int(vote) for vote in votes]


def _check_fields(place: str, record: Record) -> None:
    """`csv` fills up what a short row lacks with None, and puts what a long one has too much under None."""
    if None in record or None in record.values():
        raise DataError(f"{place}: not as many fields as the header has")
