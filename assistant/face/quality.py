"""Is this picture of a face good enough to judge? If not, why."""

from __future__ import annotations

import math
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

NOT_A_FACE_FROM = 0.002
"""Probability of no face, by the crowd output; one validation face in seventy has so much (benchmarks/not_faces.py)."""

UNDECIDED = 0.0115
"""This probability of no face speaks neither for a face nor against one, where the detector gives log odds."""

SAY = 0.2
"""The emotion network's log odds are multiplied by this before they are added to the detector's.

`SAY` and `UNDECIDED` were chosen on the validation part of `faces/`: docs/finder.md.
"""

LEAST_DOUBT = 1e-6
"""A probability closer than this to 0 or 1 counts as this far away, so that its log odds are finite."""

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


def face_evidence(found: float | None, not_a_face: float | None) -> float | None:
    """Log odds that a detection is a face, from 0 on enough; None where neither detector nor network tells.

    `found` are the detector's log odds, `not_a_face` is the emotion network's probability that it is none.
    """
    if not_a_face is None:
        return found
    if found is None:
        return SAY * (log_odds(NOT_A_FACE_FROM) - log_odds(not_a_face))
    return found + SAY * (log_odds(UNDECIDED) - log_odds(not_a_face))


def log_odds(probability: float) -> float:
    """The logarithm of p / (1 - p), whose logistic function is p; bounded, so that 0 and 1 have one too."""
    inside = min(max(probability, LEAST_DOUBT), 1.0 - LEAST_DOUBT)
    return math.log(inside / (1.0 - inside))


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
