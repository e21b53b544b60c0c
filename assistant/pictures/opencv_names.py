"""Gives OpenCV names of files that it cannot misunderstand."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLAIN_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


@contextmanager
def opencv_name(path: Path) -> Iterator[str]:
    """Lend a name for this file while OpenCV opens it, to be read or to be written.

    FFmpeg takes a relative name with a colon for a protocol, and a name that is not UTF-8 ends the program.
    """
    absolute = str(path.absolute())
    if _is_understood(absolute):
        yield absolute
        return
    with tempfile.TemporaryDirectory(prefix="emotion-assistant-") as folder:
        suffix = path.suffix if PLAIN_SUFFIX.fullmatch(path.suffix) else ""
        link = Path(folder, f"file{suffix}")
        link.symlink_to(absolute)
        yield str(link)


def _is_understood(name: str) -> bool:
    """Return whether OpenCV, which encodes a name as UTF-8, gets the same name as the system has."""
    try:
        return name.encode() == os.fsencode(name) and "%" not in name
    except UnicodeEncodeError:
        return False
