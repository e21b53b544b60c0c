"""Pictures that detectors took for faces, and whether each of them shows a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.arrays import read_arrays
from quantize.data.samples import PICTURE_SIZE_PX, Gray

LARGEST_BYTES = 1 << 31


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Crops uint8 [N, 48, 48], and whether each shows a face, bool [N]."""

    crops: Gray
    is_face: npt.NDArray[np.bool_]


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Return the candidates of several files as one."""
    return Candidates(np.concatenate([each.crops for each in parts]), np.concatenate([each.is_face for each in parts]))


def write_candidates(path: Path, candidates: Candidates) -> None:
    """Write the candidates (.npz); `quantize finder candidates` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, crops=candidates.crops, is_face=candidates.is_face)


def read_candidates(path: Path) -> Candidates:
    """Read what `write_candidates` wrote; a file that is missing or damaged raises DataError."""
    what = "what `quantize finder candidates` writes"
    arrays = read_arrays(path, LARGEST_BYTES, what)
    if set(arrays) != {"crops", "is_face"}:
        raise DataError(f"{path}: is not {what}")
    crops, is_face = arrays["crops"], arrays["is_face"]
    flat = is_face.ndim == 1 and crops.shape == (len(is_face), PICTURE_SIZE_PX, PICTURE_SIZE_PX)
    if not flat or crops.dtype != np.uint8 or is_face.dtype != np.bool_ or len(set(is_face.tolist())) < 2:
        raise DataError(f"{path}: is damaged: crops of 48x48 bytes are needed, some of faces and some of other things")
    return Candidates(crops, is_face)
