"""One folder with all that a training of the finder needs, for a machine that has neither this project nor its data."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import ConfigError, DataError
from quantize.finder.faces import pack

DATA = "finder-data.npz"
"""The pictures, in the folder that `pack_folder` makes."""

ROOT = Path(__file__).parents[2]


def data_of(folder: Path) -> Path:
    """The pictures of a folder that `pack_folder` made; DataError when it is none."""
    if not (folder / DATA).is_file():
        raise DataError(f"{folder}: is no folder that `quantize finder pack` made; it has no {DATA}")
    return folder / DATA


def pack_folder(faces: Path, empty: Sequence[Path], out: Path) -> dict[str, int]:
    """Make the folder; returns how many faces and scenes it holds, and its size."""
    if out.exists() and not (out / DATA).is_file():
        raise ConfigError(f"{out}: exists and is no folder that `quantize finder pack` made")
    out.mkdir(parents=True, exist_ok=True)
    counts = pack(faces, empty, out / DATA)
    for package in ("assistant", "quantize"):
        shutil.rmtree(out / package, ignore_errors=True)
        shutil.copytree(
            ROOT / package, out / package, ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
        )
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return counts | {"megabytes": round(size / 1e6)}
