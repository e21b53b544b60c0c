"""FER-2013's table, `fer2013.csv`, in each of the forms that are met.

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
    """Every row of `fer2013.csv`; DataError when it is no such table.

    A table without the column Usage, as the competition's `train.csv`, has the usage Training throughout.
    """
    for number, row in enumerate(rows(path, PIXEL_COLUMNS, (USAGE,))):
        if not number and row.whole and USAGE not in row.cells:
            _log.warning("%s: has no column 'Usage': all its rows are taken for Training", path)
        yield Entry(usage_of(row), row.place, number, partial(_parse, row))


def outline(path: Path) -> list[tuple[str, str, int]]:
    """Place, usage and label of every row, -1 for a label that cannot be read; the pixels are not looked at."""
    return [(row.place, usage_of(row), _label(row)) for row in rows(path, PIXEL_COLUMNS, (USAGE,))]


def usage_of(row: Row) -> str:
    """The usage of a row, in FER-2013's spelling; empty where it cannot be told."""
    usage = row.cells.get(USAGE, "Training" if row.whole else "")
    return USAGES.get(usage.casefold(), usage)


def _label(row: Row) -> int:
    """FER-2013's number, -1 where there is none."""
    text = row.cells.get("emotion", "")
    return int(text) if text.isdecimal() and len(text) < 4 and int(text) < len(EMOTIONS) else -1


def _parse(row: Row) -> tuple[int, Gray]:
    if not row.whole:
        raise DataError(f"{row.place}: not as many fields as the header has")
    if not usage_of(row):
        raise DataError(f"{row.place}: has no usage, Training or PublicTest or another")
    label = _label(row)
    if label < 0:
        wrong = shown(row.cells["emotion"])
        raise DataError(f"{row.place}: the emotion {wrong} is no number from 0 to {len(EMOTIONS) - 1}")
    return label, _pixels(row)


def _pixels(row: Row) -> Gray:
    try:
        values = np.array(row.cells["pixels"].split(), dtype=np.int64)
    except (ValueError, OverflowError):
        raise DataError(f"{row.place}: a pixel is no whole number") from None
    if values.size != PIXELS:
        raise DataError(f"{row.place}: {values.size} pixels instead of {PIXELS}")
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{row.place}: a pixel lies outside 0 to 255")
    return values.astype(np.uint8).reshape(PICTURE_SIZE_PX, PICTURE_SIZE_PX)
