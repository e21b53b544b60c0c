"""The pictures of a folder: in the order in which people count, without what systems leave there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.pictures.reading import PICTURE_SUFFIXES

SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "$recycle.bin"})
"""Of Windows, macOS and Synology, in small letters; other hidden ones begin with a dot."""

NAMED = 3
"""So many of what is left out are named."""


def pictures_of(folder: Path) -> tuple[Sequence[Path], Sequence[Path]]:
    """Its pictures in natural order, by their names' endings, and what else people put there; OSError."""
    visible = sorted((each for each in folder.iterdir() if not is_hidden(each.name)), key=natural_order)
    pictures = [each for each in visible if each.suffix.lower() in PICTURE_SUFFIXES and not each.is_dir()]
    kept = set(pictures)
    return pictures, [each for each in visible if each not in kept]


def is_hidden(name: str) -> bool:
    """Whether a file of this name is the system's, and not meant to be seen."""
    return name.startswith(".") or name.lower() in SYSTEM_FILES


def natural_order(path: Path) -> tuple[object, ...]:
    """A key by which frame2 comes before frame10: numbers in names count as numbers, letters whatever their case."""
    parts = re.split(r"([0-9]+)", path.name)
    words = [part.casefold() for part in parts[::2]]
    numbers = [(len(part.lstrip("0")), part.lstrip("0")) for part in parts[1::2]]
    mixed = [each for pair in zip(words, [*numbers, (0, "")], strict=True) for each in pair]
    return (*mixed, path.name)


def counted(left_out: Iterable[Path]) -> str:
    """How many these are, and the names of the first."""
    names = [path.name for path in left_out]
    more = ", ..." if len(names) > NAMED else ""
    files = "file" if len(names) == 1 else "files"
    return f"{len(names)} {files} left out, no pictures by their names: {', '.join(names[:NAMED])}{more}"
