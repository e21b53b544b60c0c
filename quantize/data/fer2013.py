"""Reads FER-2013's table, `fer2013.csv`, in each of the forms that are in use.

I. Goodfellow et al., "Challenges in Representation Learning", 2013.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from assistant.emotions import EMOTIONS
from assistant.errors import DataError, shown
from quantize.data.samples import PICTURE_SIZE_PX, Entry, Gray
from quantize.data.tables import Row, rows

PIXELS = PICTURE_SIZE_PX**2
USAGE = "Usage"
PIXEL_COLUMNS = ("emotion", "pixels")
USAGES = {name.casefold(): name for name in ("Training", "PublicTest", "PrivateTest")}

_log = logging.getLogger(__name__)


def entries(path: Path) -> Iterator[Entry]:
    """Yield every row of `fer2013.csv`; a file that is not such a table raises DataError.

    In a table without the column Usage, such as the competition's `train.csv`, every row has the usage Training.
    """
    for number, row in enumerate(rows(path, PIXEL_COLUMNS, (USAGE,))):
        if not number and row.complete and USAGE not in row.cells:
            _log.warning("%s: has no column 'Usage': all its rows are taken as Training", path)
        yield Entry(usage_of(row), row.location, number, partial(_parse, row))


def outline(path: Path) -> list[tuple[str, str, int]]:
    """Return location, usage and label of every row without reading the pixels; an unreadable label is -1."""
    return [(row.location, usage_of(row), _label(row)) for row in rows(path, PIXEL_COLUMNS, (USAGE,))]


def usage_of(row: Row) -> str:
    """Return the usage of a row in FER-2013's spelling, or an empty text if it is unknown."""
    usage = row.cells.get(USAGE, "Training" if row.complete else "")
    return USAGES.get(usage.casefold(), usage)


def _label(row: Row) -> int:
    """FER-2013's label number, or -1 where there is none."""
    text = row.cells.get("emotion", "")
    return int(text) if text.isdecimal() and len(text) < 4 and int(text) < len(EMOTIONS) else -1


def _parse(row: Row) -> tuple[int, Gray]:
    if not row.complete:
        raise DataError(f"{row.location}: has not as many fields as the header")
    if not usage_of(row):
        raise DataError(f"{row.location}: has no usage, such as Training or PublicTest")
    label = _label(row)
    if label < 0:
        wrong = shown(row.cells["emotion"])
        raise DataError(f"{row.location}: the emotion {wrong} is not a number from 0 to {len(EMOTIONS) - 1}")
    return label, _pixels(row)


def _pixels(row: Row) -> Gray:
    try:
        values = np.array(row.cells["pixels"].split(), dtype=np.int64)
    except (ValueError, OverflowError):
        raise DataError(f"{row.location}: a pixel is not a whole number") from None
    if values.size != PIXELS:
        raise DataError(f"{row.location}: {values.size} pixels instead of {PIXELS}")
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{row.location}: a pixel lies outside 0 to 255")
    return values.astype(np.uint8).reshape(PICTURE_SIZE_PX, PICTURE_SIZE_PX)
