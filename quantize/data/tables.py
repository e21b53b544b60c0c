"""Reads tables: CSV files with commas, semicolons or tabs, and a header in upper or lower case, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from assistant.errors import DataError, shown

LONGEST_LINE = 1 << 20
"""The most characters of a line; a row of FER-2013 has at most ten thousand.

`quantize.cli` raises the csv module's own limit for a field, which counts for the whole process, to this number.
"""

SEPARATORS = ",;\t"
SHOWN_COLUMNS = 12
"""The most columns of a header that a message shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that is not blank."""

    location: str
    """The file and the line, for messages."""
    cells: dict[str, str]
    """The cells by the column's name as the reader asked for it, without spaces around them.

    A row that lacks a field lacks the column of this field.
    """
    complete: bool
    """Whether the row has as many fields as the header."""


def rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """Yield every row of the table at `path` that is not blank.

    A file that is not a table, and a table without one of the `columns`, raise DataError.
    """
    if path.exists() and not path.is_file():
        raise DataError(f"{path}: is not a file that can be read as a table; name a regular file")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield from _rows(path, file, columns, optional)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not saved as UTF-8; save it again as UTF-8") from error
    except csv.Error as error:
        raise DataError(f"{path}: is not a CSV file: {error}") from error


def _rows(path: Path, file: TextIO, columns: Sequence[str], optional: Sequence[str]) -> Iterator[Row]:
    lines = _lines(path, file)
    first = next(lines, "")
    reader = csv.reader(chain([first], lines), delimiter=max(SEPARATORS, key=first.count))
    header = next(reader, [])
    positions = _positions(path, header, columns, optional)
    for fields in reader:
        if fields:
            cells = {name: fields[position].strip() for name, position in positions.items() if position < len(fields)}
            yield Row(f"{path}, line {reader.line_num}", cells, len(fields) == len(header))


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise DataError(f"{path}: is not a table: a line has more than {LONGEST_LINE:,} characters")
        yield line


def _positions(path: Path, header: list[str], columns: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    """Return the position of each column that is there, by the name that was asked for."""
    there = [name.strip().casefold() for name in header]
    positions = {name: there.index(name.casefold()) for name in (*columns, *optional) if name.casefold() in there}
    missing = [name for name in columns if name not in positions]
    if missing:
        needed = ", ".join(map(repr, columns))
        given = ", ".join(shown(name) for name in header[:SHOWN_COLUMNS]) or "empty"
        raise DataError(f"{path}: the column {missing[0]!r} is missing; needed are {needed}; the header is {given}")
    double = [name for name in positions if there.count(name.casefold()) > 1]
    if double:
        raise DataError(f"{path}: the column {double[0]!r} is there twice; remove one of them")
    return positions
