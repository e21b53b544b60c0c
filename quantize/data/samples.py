"""Pictures of faces with their labels, and entries of a data set that are not read yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.errors import shown

PICTURE_SIZE_PX = 48
SEVEN = tuple(str(emotion) for emotion in EMOTIONS)
MOST_LISTED = 12
Gray = npt.NDArray[np.uint8]


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


def listed(names: Iterable[str]) -> str:
    """Names in quotes, for a message: the first of many, each cut short where it is long."""
    first = sorted(names)
    more = [] if len(first) <= MOST_LISTED else [f"and {len(first) - MOST_LISTED} more"]
    return ", ".join([*map(shown, first[:MOST_LISTED]), *more]) or "none"
