"""Detects whether something moves, by comparing coarse pictures; changes of light and noise do not count."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Coarse = npt.NDArray[np.float32]

BLOCKS_ACROSS = 40
"""A frame is reduced to this many blocks across; the smallest detected face, 34 pixels of 640, then covers 2x2."""

LINE_STEP = 2
"""Only every second line is read, which is enough to average the noise away."""

REFERENCE_S = 1.0
"""A frame is compared with one that is at most this old, so that slow movements are large enough to detect."""

LEAST_LEVELS = 3.0
"""A block that differs by fewer gray levels than this has not changed."""

NOISES = 6.0
"""A block that differs by less than this many times the noise has not changed."""

LEAST_BLOCKS = 2
"""Something moves when at least this many blocks have changed."""

DEVIATION_PER_MEDIAN = 1.4826
"""The standard deviation of normal noise, as a multiple of the median of its absolute values."""

NOISE_DOUBLES_S = 60.0
"""The smallest difference so far is taken as the noise. This estimate doubles in this time, so that it can rise."""


class MotionDetector:
    """Compares each frame with an earlier one; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._reference: Coarse | None = None
        self._reference_s = self._compared_s = 0.0
        self._noise = math.inf

    def update(self, gray: Gray, now: float) -> bool:
        """Return whether something or the whole frame moved; a first frame or a new size counts as movement."""
        coarse = coarsened(gray)
        reference = self._reference
        moved = reference is None or reference.shape != coarse.shape or self._differs(reference, coarse, now)
        if moved or now - self._reference_s >= REFERENCE_S:
            self._reference, self._reference_s = coarse, now
        return moved

    def _differs(self, before: Coarse, after: Coarse, now: float) -> bool:
        """Return whether enough blocks have changed; while the whole frame moves, the earlier noise counts."""
        if not before.size:
            return False
        rest = np.abs(after - _in_light_of(before, after))
        grown = self._noise * 2 ** (max(0.0, now - self._compared_s) / NOISE_DOUBLES_S)
        self._noise, self._compared_s = min(grown, DEVIATION_PER_MEDIAN * float(np.median(rest))), now
        limit = max(LEAST_LEVELS, NOISES * self._noise)
        return bool(np.count_nonzero(rest > limit) >= LEAST_BLOCKS)


def coarsened(gray: Gray) -> Coarse:
    """Return the means of square blocks, float32 [rows, columns]; a remainder at the right and bottom is ignored."""
    side = max(LINE_STEP, gray.shape[1] // BLOCKS_ACROSS // LINE_STEP * LINE_STEP)
    rows, columns = gray.shape[0] // side, gray.shape[1] // side
    lines = gray[: rows * side : LINE_STEP, : columns * side]
    summed = lines.reshape(rows, side // LINE_STEP, columns * side).sum(axis=1, dtype=np.uint16)
    blocks = summed.reshape(rows, columns, side).sum(axis=2, dtype=np.float32)
    return np.asarray(blocks / (side * side // LINE_STEP), dtype=np.float32)


def _in_light_of(before: Coarse, after: Coarse) -> Coarse:
    """Return `before` with the brightness and contrast of `after`, by the straight line that fits best."""
    middle = before - before.mean()
    spread = float((middle * middle).mean())
    slope = float((middle * after).mean()) / spread if spread > 0 else 0.0
    return np.asarray(after.mean() + slope * middle, dtype=np.float32)
