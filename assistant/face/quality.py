"""Is this picture of a face good enough to judge? If not, why."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]

LEAST_WEIGHT = 0.2
"""Of a face that is just sharp enough: it is right little more often than not."""


class RejectReason(StrEnum):
    """Why a face is not judged."""

    TOO_SMALL = "too small"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TOO_FLAT = "too little contrast"
    BLURRED = "blurred"
    TURNED_AWAY = "turned away"
    NOT_A_FACE = "not a face"


# Measured on the validation part (FER-2013's labels, sensor noise of 2 gray levels): below these the model is right on
# fewer than 55% of the faces. benchmarks/quality.py repeats it.
MIN_WIDTH_PX = 18
"""Of the face; a smaller one is enlarged from too few pixels."""

MIN_MEAN, MAX_MEAN = 11.0, 200.0
"""Gray levels, on average over the face."""

MIN_DEVIATION = 4.5
"""Gray levels; below it the noise hides the face."""


MIN_SHARPNESS = 0.088
"""Deviation of the Laplacian of Gaussian, as `sharpness` tells it."""

MAX_YAW_DEG = 40.0
"""To either side; a head that is turned further shows too little of its face."""

GAUSSIAN_PX = 1.0
"""Deviation of the filter: finer detail is a sensor's noise as often as it is the face's."""


def reject_reason(width_px: int, face: Gray, sharp: float, *, yaw_deg: float = 0.0) -> RejectReason | None:
    """Say why a face that is `width_px` wide in its frame cannot be judged; None when it can.

    `face` is its upright crop, uint8 [height, width], at the size that the model takes, `sharp` its sharpness,
    `yaw_deg` how far the head is turned to a side.
    """
    if width_px < MIN_WIDTH_PX or face.size == 0:
        return RejectReason.TOO_SMALL
    mean, deviation = float(face.mean()), float(face.std())
    if mean < MIN_MEAN:
        return RejectReason.TOO_DARK
    if mean > MAX_MEAN:
        return RejectReason.TOO_BRIGHT
    if deviation < MIN_DEVIATION:
        return RejectReason.TOO_FLAT
    if abs(yaw_deg) > MAX_YAW_DEG:
        return RejectReason.TURNED_AWAY
    return RejectReason.BLURRED if sharp < MIN_SHARPNESS else None


def weight(sharp: float, not_a_face: float) -> float:
    """How much a judgement counts beside others, 0 to 1: more where the face is sharp and surely one."""
    return max(LEAST_WEIGHT, min(1.0, sharp / MIN_SHARPNESS - 1.0)) * (1.0 - not_a_face)


def sharpness(face: Gray) -> float:
    """How fine the face's detail is, whatever its contrast: the deviation of the Laplacian of Gaussian.

    D. Marr and E. Hildreth, "Theory of edge detection", 1980; of `face` uint8 [height, width] with the deviation 1.
    """
    pixels = face.astype(np.float32)
    pixels /= max(float(pixels.std()), 1.0)
    down, across = (_gaussian(length) for length in pixels.shape)
    smooth = down @ pixels @ across.T
    middle = smooth[1:-1, 1:-1]
    around = smooth[:-2, 1:-1] + smooth[2:, 1:-1] + smooth[1:-1, :-2] + smooth[1:-1, 2:]
    return float((around - 4 * middle).std()) if middle.size else 0.0


@lru_cache(maxsize=4)
def _gaussian(length: int) -> npt.NDArray[np.float32]:
    """The matrix [length, length] that smooths a column; rows add up to one."""
    places = np.arange(length)
    weights = np.exp(-0.5 * ((places[:, np.newaxis] - places) / GAUSSIAN_PX) ** 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)
