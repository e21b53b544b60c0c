"""Lists the pictures of a folder in natural order, without the files that systems leave there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.pictures.reading import PICTURE_SUFFIXES

SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "$recycle.bin"})
"""Names of files of Windows, macOS and Synology, in small letters; other hidden files begin with a dot."""

NAMED = 3
"""A message names at most this many of the files that are left out."""


def pictures_of(folder: Path) -> tuple[Sequence[Path], Sequence[Path]]:
    """Return the files with the suffix of a picture, in natural order, and the other files; it may raise OSError."""
    visible = sorted((each for each in folder.iterdir() if not is_hidden(each.name)), key=natural_order)
    pictures = [each for each in visible if each.suffix.lower() in PICTURE_SUFFIXES and not each.is_dir()]
    kept = set(pictures)
    return pictures, [each for each in visible if each not in kept]


def is_hidden(name: str) -> bool:
    """Return whether a file of this name is hidden, or belongs to the system."""
    return name.startswith(".") or name.lower() in SYSTEM_FILES


def natural_order(path: Path) -> tuple[object, ...]:
    """Return a key that sorts frame2 before frame10: numbers count as numbers, and upper case as lower case."""
    parts = re.split(r"([0-9]+)", path.name)
    words = [part.casefold() for part in parts[::2]]
    numbers = [(len(part.lstrip("0")), part.lstrip("0")) for part in parts[1::2]]
    mixed = [each for pair in zip(words, [*numbers, (0, "")], strict=True) for each in pair]
    return (*mixed, path.name)


def counted(left_out: Iterable[Path]) -> str:
    """Return a message: how many files were left out, and the names of the first."""
    names = [path.name for path in left_out]
    more = ", ..." if len(names) > NAMED else ""
    files = "file" if len(names) == 1 else "files"
    return f"{len(names)} {files} left out, whose names do not end as a picture's: {', '.join(names[:NAMED])}{more}"
