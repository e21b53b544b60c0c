"""Tables as people have them: CSV with commas, semicolons or tabs, a header in any case, read row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from assistant.errors import DataError, shown

LONGEST_LINE = 1 << 20
"""Letters; a row of FER-2013 has at most ten thousand."""

SEPARATORS = ",;\t"
SHOWN_COLUMNS = 12
"""Of a header, in a message."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that is not blank; a row that lacks a field has not all columns in `cells`."""

    place: str
    """For people: the file and the line."""
    cells: dict[str, str]
    """By the column's name as the reader asked for it, without spaces around."""
    whole: bool
    """Whether there are as many fields as the header has."""


def rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """Every row of the table at `path` that is not blank, from the first to the last.

    DataError when a column of `columns` is missing, and when the file is no such table.
    """
    if path.exists() and not path.is_file():
        raise DataError(f"{path}: is not a file that can be read as a table; name a regular file")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield from _rows(path, file, columns, optional)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not saved as UTF-8; save it again so") from error
    except csv.Error as error:
        raise DataError(f"{path}: is no CSV file: {error}") from error


def _rows(path: Path, file: TextIO, columns: Sequence[str], optional: Sequence[str]) -> Iterator[Row]:
    lines = _lines(path, file)
    first = next(lines, "")
    reader = csv.reader(chain([first], lines), delimiter=max(SEPARATORS, key=first.count))
    header = next(reader, [])
    known = _known(path, header, columns, optional)
    for fields in reader:
        if fields:
            cells = {name: fields[place].strip() for name, place in known.items() if place < len(fields)}
            yield Row(f"{path}, line {reader.line_num}", cells, len(fields) == len(header))


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise DataError(f"{path}: is no table: a line has more than {LONGEST_LINE:,} letters")
        yield line


def _known(path: Path, header: list[str], columns: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    """Where the columns stand, by the name that was asked for."""
    there = [name.strip().casefold() for name in header]
    known = {name: there.index(name.casefold()) for name in (*columns, *optional) if name.casefold() in there}
    missing = [name for name in columns if name not in known]
    if missing:
        needed = ", ".join(map(repr, columns))
        given = ", ".join(shown(name) for name in header[:SHOWN_COLUMNS]) or "empty"
        raise DataError(f"{path}: the column {missing[0]!r} is missing; needed are {needed}; the header is {given}")
    double = [name for name in known if there.count(name.casefold()) > 1]
    if double:
        raise DataError(f"{path}: the column {double[0]!r} is there twice")
    return known
