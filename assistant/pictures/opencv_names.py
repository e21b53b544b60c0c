"""The one door for names of files that go to OpenCV: whatever is in a name, it is taken for that file alone."""

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
    """Lend a name of this file, there or about to be written, for as long as OpenCV opens it.

    A relative name with a colon would be a protocol to FFmpeg, and one that is no UTF-8 ends the program.
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
    """Whether OpenCV, which makes UTF-8 of it, then has the name that the system has."""
    try:
        return name.encode() == os.fsencode(name) and "%" not in name
    except UnicodeEncodeError:
        return False
