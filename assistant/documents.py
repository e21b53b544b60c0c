"""Reads files that a person hands in: settings, phrases, cards, models, pictures. Every error is one line."""

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
"""A file that people write by hand is not larger than this."""

DEEPEST = 16
"""Tables may be nested at most this deep."""

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""The byte order mark, which some editors write at the beginning of a file."""

QUOTED = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""' r"|'''[\s\S]*?'''" r'|"(?:\\.|[^"\\\n])*+"' r"|'[^'\n]*+'" r"|\#[^\n]*"
)
"""Matches texts and comments of TOML and JSON."""

DOTTED = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{DEEPEST}}}")
"""Matches a dotted key with more parts than are allowed, once each text in quotes has been replaced by one letter."""


def read_bytes(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> bytes:
    """Return the content of a regular file of at most `largest` bytes; `failure` names the file and what is wrong.

    Pipes and devices are refused, because they may have no end.
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
        raise failure(f"{path}: is larger than {_size(largest)}, the largest file that is read")
    return content


def read_text(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> str:
    """Return the text of a file in UTF-8, without a byte order mark; raise `failure` as `read_bytes` does."""
    try:
        return read_bytes(path, failure, largest).decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError as error:
        raise failure(f"{path}: is not saved as UTF-8; save it as UTF-8") from error


def read_toml(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> dict[str, Any]:
    """Return the tables of a TOML file; raise `failure` as `read_text` does, and where tables are nested too deeply."""
    table: dict[str, Any] = _parsed(path, failure, largest, tomllib.loads, "TOML")
    return table


def read_json(path: Path, failure: Failure, largest: int = LARGEST_BYTES) -> Any:
    """Return the content of a JSON file; raise `failure` as `read_toml` does."""
    return _parsed(path, failure, largest, json.loads, "JSON")


def _parsed(path: Path, failure: Failure, largest: int, parse: Callable[[str], Any], language: str) -> Any:
    text = read_text(path, failure, largest)
    if is_deep(text):
        raise failure(f"{path}: is not {language} that this program reads: its tables are nested too deeply")
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError too
        raise failure(f"{path}: is not valid {language}: {_first_line(error)}") from error


def is_deep(text: str) -> bool:
    """Return whether tables are nested deeper than `DEEPEST`: parsers take long over such texts, or fail."""
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
