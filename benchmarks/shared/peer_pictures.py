"""Pictures in files that programs of other environments read, also programs in other languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from assistant.pictures.reading import Gray


def write_pictures(folder: Path, name: str, pictures: Sequence[Gray], times_s: Sequence[float]) -> None:
    """Write pictures, [height, width] in gray or [height, width, 3] in BGR, as two files into a folder.

    `NAME.bin` has the bytes of the pictures one after the other, always in BGR. `NAME.json` has `shapes`, the height
    and width of each picture, and `times_s`, the time of each in seconds.
    """
    with (folder / f"{name}.bin").open("wb") as file:
        for picture in pictures:
            coloured = picture if picture.ndim == 3 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8)
            file.write(coloured.tobytes())
    index = {"shapes": [picture.shape[:2] for picture in pictures], "times_s": list(times_s)}
    (folder / f"{name}.json").write_text(json.dumps(index), encoding="utf-8")
