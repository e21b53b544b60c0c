"""Faces, and which movements each of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.emotion.movements import MOVEMENTS
from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.arrays import read_arrays
from quantize.data.samples import PICTURE_SIZE_PX, Gray

LARGEST_BYTES = 1 << 31


@dataclass(frozen=True, slots=True, eq=False)
class MovingFaces:
    """Crops uint8 [N, 48, 48]; `shown` float32 [N, movements], how surely each shows each movement, 0 to 1.

    Those that are for `validation`, bool [N], are not learned from. The faces come from several sources; `source`,
    uint8 [N], has the number of each.
    """

    crops: Gray
    shown: npt.NDArray[np.float32]
    validation: npt.NDArray[np.bool_]
    source: npt.NDArray[np.uint8]

    def take(self, chosen: npt.NDArray[np.bool_]) -> MovingFaces:
        """Return the faces that are chosen, bool [N]."""
        return MovingFaces(self.crops[chosen], self.shown[chosen], self.validation[chosen], self.source[chosen])


def write_moving_faces(path: Path, faces: MovingFaces) -> None:
    """Write the faces (.npz); `quantize movements label` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(
            file, crops=faces.crops, shown=faces.shown, validation=faces.validation, source=faces.source
        )


def read_moving_faces(path: Path) -> MovingFaces:
    """Read what `write_moving_faces` wrote; a file that is missing or damaged raises DataError."""
    what = "what `quantize movements label` writes"
    arrays = read_arrays(path, LARGEST_BYTES, what)
    if set(arrays) != {"crops", "shown", "validation", "source"}:
        raise DataError(f"{path}: is not {what}")
    faces = MovingFaces(**arrays)
    count = len(faces.validation) if faces.validation.ndim else 0
    expected = {
        "crops": (np.uint8, (count, PICTURE_SIZE_PX, PICTURE_SIZE_PX)),
        "shown": (np.float32, (count, len(MOVEMENTS))),
        "validation": (np.bool_, (count,)),
        "source": (np.uint8, (count,)),
    }
    if any((arrays[name].dtype, arrays[name].shape) != each for name, each in expected.items()):
        raise DataError(f"{path}: is damaged: of each face, 48x48 bytes and {len(MOVEMENTS)} shares are needed")
    if not ((faces.shown >= 0) & (faces.shown <= 1)).all() or len(set(faces.validation.tolist())) < 2:
        raise DataError(f"{path}: is damaged: shares from 0 to 1 are needed, and faces of both parts")
    return faces
