"""Reads the files that a person hands in: settings, phrases, cards, models, pictures. Every error is one line."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError

Failure = type[AssistantError]

LARGEST_BYTES = 1 << 16
"""Of a file that people write by hand."""

DEEPEST = 16
"""How many tables may stand in one another."""

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""A byte order mark, which some editors put in front."""

QUOTED = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""' r"|'''[\s\S]*?'''" r'|"(?:\\.|[^"\\\n])*+"' r"|'[^'\n]*+'" r"|\#[^\n]*"
)
"""Texts and comments of TOML and JSON."""

DOTTED = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{DEEPEST}}}")
"""A key of more parts than are allowed, once each text in quotes has become one letter."""


def read_bytes(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> bytes:
    """The content of a regular file of at most `largest` bytes; `failure` names the file and what is wrong.

    Nothing is read from a pipe or a device, which may have no end.
    """
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise failure(f"{path}: is not a file that can be read as a whole; name a regular file")
            content = b"" if found.st_size > largest else file.read(largest + 1)
    except OSError as error:
        if isinstance(error, AssistantError):
            raise
        raise failure(f"{path}: cannot be read: {error.strerror or error}") from error
    if max(found.st_size, len(content)) > largest:
        raise failure(f"{path}: is larger than {_size(largest)}, the most that is read")
    return content


def read_text(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> str:
    """The text of a file in UTF-8, without a byte order mark; `failure` as for `read_bytes`."""
    try:
        return read_bytes(path, failure, largest).decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError as error:
        raise failure(f"{path}: is not saved as UTF-8; save it again so") from error


def read_toml(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> dict[str, Any]:
    """The tables of a TOML file that is no deeper than is allowed; `failure` as for `read_text`."""
    table: dict[str, Any] = _parsed(path, failure, largest, tomllib.loads, "TOML")
    return table


def read_json(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> Any:
    """What a JSON file holds, which is no deeper than is allowed; `failure` as for `read_text`."""
    return _parsed(path, failure, largest, json.loads, "JSON")


def _parsed(path: Path, failure: Failure, largest: int, parse: Callable[[str], Any], language: str) -> Any:
    text = read_text(path, failure, largest)
    if is_deep(text):
        raise failure(f"{path}: is no valid {language} of this program: its tables are nested too deeply")
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:  # ValueError also for numbers of thousands of digits
        raise failure(f"{path}: is no valid {language}: {_first_line(error)}") from error


def is_deep(text: str) -> bool:
    """Whether more than `DEEPEST` tables stand in one another: parsers take long over these, or fail."""
    bare = QUOTED.sub("q", text)
    depth = deepest = 0
    for sign in re.findall(r"[\[\]{}]", bare):
        depth = depth + 1 if sign in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest > DEEPEST or DOTTED.search(bare) is not None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _size(count: int) -> str:
    return f"{count >> 20} MB" if count >= 1 << 20 else f"{count >> 10} KB"
