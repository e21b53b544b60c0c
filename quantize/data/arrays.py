"""Reads files of arrays (.npz), with a bound on their size."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents import read_bytes
from assistant.errors import DataError


def read_arrays(path: Path, largest_bytes: int, what: str) -> dict[str, Any]:
    """Return the arrays of a file by their names.

    A file that is missing, damaged, or larger than `largest_bytes` when it is unpacked raises DataError; `what` says
    in the message which command writes such files.
    """
    content = io.BytesIO(read_bytes(path, DataError, largest_bytes))
    try:
        if sum(each.file_size for each in zipfile.ZipFile(content).infolist()) > largest_bytes:
            raise ValueError("its arrays are too large")
        with np.load(content, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except Exception as error:  # numpy, zipfile and zlib raise different exceptions for each damage
        raise DataError(f"{path}: is not {what}, or is damaged") from error
