"""The FER+ votes, `fer2013new.csv`, joined to the rows of `fer2013.csv` that they were given to.

E. Barsoum et al., "Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution",
ICMI 2016. The two files share no key, and stand beside each other row by row: a row taken out of one of them gives
every later picture the votes on another. So whatever both tell of a row must agree before they are joined.
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
"""Of each hundred pictures that have a majority, FER-2013's label is the same for at least so many: in the original 51
or more, and where the rows are moved by one at most 30."""

WHAT_TO_DO = "give the fer2013new.csv of this very table, no row taken out, added or moved in either"

Votes = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]


def read_votes(ferplus: Path, table: Path) -> Votes:
    """FER+'s votes on every row of FER-2013's table, uint8 [rows, 10] in the order of `VOTE_COLUMNS`.

    DataError, with the place, when the two files do not hold the same rows in the same order.
    """
    voted = list(rows(ferplus, (USAGE, *VOTE_COLUMNS), (NAME,)))
    judged = outline(table)
    _check_same_rows(ferplus, table, voted, judged)
    _check_names(voted)
    votes = np.array([_votes(row) for row in voted], np.uint8).reshape(-1, len(VOTE_COLUMNS))
    _check_agreement(ferplus, table, votes, judged)
    return votes


def majority(votes: Votes) -> Labels:
    """FER+'s majority as a FER-2013 label, int64 [N].

    It is -1 where no single answer of the ten is largest, or where the largest is none of the seven emotions.
    """
    order = np.sort(votes, axis=1)
    single = order[:, -1] > order[:, -2]
    as_label = np.array([EMOTIONS.index(VOTED_EMOTION[name]) if name in VOTED_EMOTION else -1 for name in VOTE_COLUMNS])
    return np.where(single, as_label[votes.argmax(axis=1)], -1)


def _check_same_rows(ferplus: Path, table: Path, voted: Sequence[Row], judged: Sequence[tuple[str, str, int]]) -> None:
    """DataError unless both have as many rows, with the same usage row by row."""
    complaints = [] if len(voted) == len(judged) else [f"it has {len(voted)} rows and {table} {len(judged)}"]
    for row, (place, usage, _) in zip(voted, judged, strict=False):
        if usage_of(row) != usage:
            complaints.append(f"{row.place} is of {shown(usage_of(row))}, {place} of {shown(usage)}")
            break
    if complaints:
        raise DataError(f"{ferplus}: does not go with {table}: {'; '.join(complaints)}: {WHAT_TO_DO}")


def _check_names(voted: Sequence[Row]) -> None:
    """DataError when the pictures' numbers do not rise, as they do in FER+'s own order."""
    last = -1
    for row in voted:
        numbered = re.fullmatch(r"fer(\d{7})\.png", row.cells.get(NAME, ""))
        if numbered and int(numbered[1]) <= last:
            raise DataError(f"{row.place}: {row.cells[NAME]} does not follow fer{last:07d}.png: {WHAT_TO_DO}")
        last = int(numbered[1]) if numbered else last


def _check_agreement(ferplus: Path, table: Path, votes: Votes, judged: Sequence[tuple[str, str, int]]) -> None:
    """DataError when in some stretch of rows votes and labels agree no better than by chance."""
    crowd, labels = majority(votes), np.array([label for _, _, label in judged], np.int64)
    told = np.flatnonzero((crowd >= 0) & (labels >= 0))
    for start in range(0, len(told) - STRETCH + 1, STRETCH):
        stretch = told[start : start + STRETCH]
        share = float((crowd[stretch] == labels[stretch]).mean())
        if share < LEAST_AGREEMENT:
            first, last = judged[stretch[0]][0], judged[stretch[-1]][0]
            raise DataError(
                f"{ferplus}: does not go with {table}: from {first} to {last} its majority is the label of "
                f"{share:.0%} of the pictures, no more than by chance: {WHAT_TO_DO}"
            )


def _votes(row: Row) -> list[int]:
    if not row.whole:
        raise DataError(f"{row.place}: not as many fields as the header has")
    votes = [row.cells[name] for name in VOTE_COLUMNS]
    if not all(vote.isdecimal() and len(vote) < 4 and int(vote) <= 255 for vote in votes):
        raise DataError(f"{row.place}: votes are whole numbers up to 255: {shown(' '.join(votes))}")
    return [int(vote) for vote in votes]
