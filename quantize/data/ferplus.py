"""Reads the FER+ votes, `fer2013new.csv`, and joins them to the rows of `fer2013.csv`.

E. Barsoum et al., "Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution",
ICMI 2016. The two files share no key; row N of one belongs to row N of the other. If a row is missing in one of them,
every later picture gets the votes on another picture. So all that both files say of a row must agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import DataError, shown
from quantize.data.fer2013 import USAGE, outline, usage_of
from quantize.data.tables import Row, rows

NAME = "Image name"
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

STRETCH, LEAST_AGREEMENT = 100, 0.4
"""Of every hundred pictures with a majority, FER-2013's label must be the same for at least this share.

In the original files, 51 or more agree; if the rows are shifted by one, at most 30 agree.
"""

WHAT_TO_DO = "give the fer2013new.csv that belongs to this table, and do not remove, add or move rows in either file"

Votes = npt.NDArray[np.uint8]
Majorities = npt.NDArray[np.int64]


def read_votes(ferplus: Path, table: Path) -> Votes:
    """Return FER+'s votes on every row of FER-2013's table, uint8 [rows, 10] in the order of `VOTE_COLUMNS`.

    Files that do not hold the same rows in the same order raise DataError, with the location.
    """
    voted = list(rows(ferplus, (USAGE, *VOTE_COLUMNS), (NAME,)))
    labelled = outline(table)
    _check_same_rows(ferplus, table, voted, labelled)
    _check_names(voted)
    votes = np.array([_votes(row) for row in voted], np.uint8).reshape(-1, len(VOTE_COLUMNS))
    _check_agreement(ferplus, table, votes, labelled)
    return votes


def majority(votes: Votes) -> Majorities:
    """Return FER+'s majority as a FER-2013 label, int64 [N].

    It is -1 where two answers have the most votes, or where the answer is not one of the seven emotions.
    """
    order = np.sort(votes, axis=1)
    single = order[:, -1] > order[:, -2]
    as_label = np.array([EMOTIONS.index(VOTED_EMOTION[name]) if name in VOTED_EMOTION else -1 for name in VOTE_COLUMNS])
    return np.where(single, as_label[votes.argmax(axis=1)], -1)


def _check_same_rows(
    ferplus: Path, table: Path, voted: Sequence[Row], labelled: Sequence[tuple[str, str, int]]
) -> None:
    """Raise DataError unless both files have the same number of rows, and the same usage in every row."""
    differences = [] if len(voted) == len(labelled) else [f"it has {len(voted)} rows, {table} has {len(labelled)}"]
    for row, (location, usage, _) in zip(voted, labelled, strict=False):
        if usage_of(row) != usage:
            differences.append(f"{row.location} has the usage {shown(usage_of(row))}, {location} has {shown(usage)}")
            break
    if differences:
        raise DataError(f"{ferplus}: does not belong to {table}: {'; '.join(differences)}: {WHAT_TO_DO}")


def _check_names(voted: Sequence[Row]) -> None:
    """Raise DataError when the numbers of the pictures do not rise, as they do in FER+'s own order."""
    last = -1
    for row in voted:
        numbered = re.fullmatch(r"fer(\d{7})\.png", row.cells.get(NAME, ""))
        if numbered and int(numbered[1]) <= last:
            raise DataError(f"{row.location}: {row.cells[NAME]} does not follow fer{last:07d}.png: {WHAT_TO_DO}")
        last = int(numbered[1]) if numbered else last


def _check_agreement(ferplus: Path, table: Path, votes: Votes, labelled: Sequence[tuple[str, str, int]]) -> None:
    """Raise DataError when votes and labels of some stretch of rows agree no better than by chance."""
    crowd, labels = majority(votes), np.array([label for _, _, label in labelled], np.int64)
    known = np.flatnonzero((crowd >= 0) & (labels >= 0))
    for start in range(0, len(known) - STRETCH + 1, STRETCH):
        stretch = known[start : start + STRETCH]
        share = float((crowd[stretch] == labels[stretch]).mean())
        if share < LEAST_AGREEMENT:
            first, last = labelled[stretch[0]][0], labelled[stretch[-1]][0]
            raise DataError(
                f"{ferplus}: does not belong to {table}: from {first} to {last} its majority is the label of "
                f"{share:.0%} of the pictures, no more than by chance: {WHAT_TO_DO}"
            )


def _votes(row: Row) -> list[int]:
    if not row.complete:
        raise DataError(f"{row.location}: has not as many fields as the header")
    votes = [row.cells[name] for name in VOTE_COLUMNS]
    if not all(vote.isdecimal() and len(vote) < 4 and int(vote) <= 255 for vote in votes):
        raise DataError(f"{row.location}: votes must be whole numbers up to 255: {shown(' '.join(votes))}")
    return [int(vote) for vote in votes]
