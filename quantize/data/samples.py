"""Pictures of faces with their labels, and the entries of a data set, which are read later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.emotions import EMOTIONS
from assistant.errors import shown

PICTURE_SIZE_PX = 48
SEVEN = tuple(str(emotion) for emotion in EMOTIONS)
"""The names of the seven emotions, in the order of FER-2013's label numbers."""

MOST_LISTED = 12
Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Pictures with their labels.

    `pixels` is uint8 [N, 48, 48]; `labels`, uint8 [N], are FER-2013's label numbers; `row`, int64 [N], is the place of
    each picture in the data set, counted from 0.
    """

    pixels: Gray
    labels: npt.NDArray[np.uint8]
    row: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: npt.NDArray[np.int64]) -> Samples:
        """Return the samples at these positions."""
        return Samples(self.pixels[chosen], self.labels[chosen], self.row[chosen])


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of a data set, which is not read yet."""

    usage: str
    """The usage: `Training`, `PublicTest`, `PrivateTest`, `Validation`, what the table says, or empty if unknown."""
    location: str
    """Where the picture is, for messages: the file, and in a table the line."""
    row: int
    load: Callable[[], tuple[int, Gray]]
    """Reads (FER-2013's label number, pixels uint8 [48, 48]); DataError names the location and what is wrong there."""


def listed(names: Iterable[str]) -> str:
    """Return names in quotes, for a message: only the first of many, and long names cut short."""
    first = sorted(names)
    more = [] if len(first) <= MOST_LISTED else [f"and {len(first) - MOST_LISTED} more"]
    return ", ".join([*map(shown, first[:MOST_LISTED]), *more]) or "none"
