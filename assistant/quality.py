"""Is this picture of a face good enough to judge? If not, why."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from assistant.geometry import BoundingBox


class Reason(StrEnum):
    """Why a face is not judged."""

    TOO_SMALL = "too small"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TOO_FLAT = "too little contrast"


# Measured on the validation part (FER-2013's labels, sensor noise of 2 gray levels): below these the model is right on
# fewer than 55% of the faces. benchmarks/quality.py repeats it.
MIN_WIDTH_PX = 18
"""Of the face; a smaller one is enlarged from too few pixels."""

MIN_MEAN, MAX_MEAN = 11.0, 200.0
"""Gray levels, on average over the face."""

MIN_DEVIATION = 4.5
"""Gray levels; below it the noise hides the face."""


def reason_not_to_judge(frame: npt.NDArray[np.uint8], box: BoundingBox) -> Reason | None:
    """Say why the face in `box` of a gray frame [height, width] cannot be judged; None when it can."""
    if box.width < MIN_WIDTH_PX:
        return Reason.TOO_SMALL
    face = box.crop(frame)
    if face.size == 0:
        return Reason.TOO_SMALL
    mean, deviation = float(face.mean()), float(face.std())
    if mean < MIN_MEAN:
        return Reason.TOO_DARK
    if mean > MAX_MEAN:
        return Reason.TOO_BRIGHT
    return Reason.TOO_FLAT if deviation < MIN_DEVIATION else None
