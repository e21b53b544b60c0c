"""Detects whether something moves, by comparing coarse pictures; changes of light and noise do not count."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Coarse = npt.NDArray[np.float32]

BLOCKS_ACROSS = 40
"""With so many blocks, the smallest face that is detected, 34 pixels of 640, covers two blocks in each direction."""

LINE_STEP = 2
"""Only every second line is read: that is enough to average the noise away."""

REFERENCE_S = 1.0
"""A frame is compared with one that is at most this old: in that time, something slow moves far enough."""

LEAST_LEVELS, NOISES, LEAST_BLOCKS = 3.0, 6.0, 2
"""At least so many blocks must differ by more than so many gray levels, and by so many times the noise."""

DEVIATION_PER_MEDIAN = 1.4826
"""The standard deviation of normal noise, as a multiple of the median of its absolute values."""

NOISE_DOUBLES_S = 60.0
"""The smallest difference so far counts as the noise; the noise is assumed to double in this time at most."""


class MotionDetector:
    """Compares each frame with one of a moment ago; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._reference: Coarse | None = None
        self._reference_s = self._compared_s = 0.0
        self._noise = math.inf

    def update(self, gray: Gray, now: float) -> bool:
        """Return whether something moved, or the whole frame; a first frame and a new frame size count as movement."""
        coarse = coarsened(gray)
        reference = self._reference
        moved = reference is None or reference.shape != coarse.shape or self._differs(reference, coarse, now)
        if moved or now - self._reference_s >= REFERENCE_S:
            self._reference, self._reference_s = coarse, now
        return moved

    def _differs(self, before: Coarse, after: Coarse, now: float) -> bool:
        """Return whether blocks differ by more than the noise; where the whole frame moves, the noise before counts."""
        if not before.size:
            return False
        rest = np.abs(after - _in_light_of(before, after))
        grown = self._noise * 2 ** (max(0.0, now - self._compared_s) / NOISE_DOUBLES_S)
        self._noise, self._compared_s = min(grown, DEVIATION_PER_MEDIAN * float(np.median(rest))), now
        limit = max(LEAST_LEVELS, NOISES * self._noise)
        return bool(np.count_nonzero(rest > limit) >= LEAST_BLOCKS)


def coarsened(gray: Gray) -> Coarse:
    """Return the means of square blocks, float32 [rows, columns]; a rest at the right and at the bottom is ignored."""
    side = max(LINE_STEP, gray.shape[1] // BLOCKS_ACROSS // LINE_STEP * LINE_STEP)
    rows, columns = gray.shape[0] // side, gray.shape[1] // side
    lines = gray[: rows * side : LINE_STEP, : columns * side]
    summed = lines.reshape(rows, side // LINE_STEP, columns * side).sum(axis=1, dtype=np.uint16)
    blocks = summed.reshape(rows, columns, side).sum(axis=2, dtype=np.float32)
    return np.asarray(blocks / (side * side // LINE_STEP), dtype=np.float32)


def _in_light_of(before: Coarse, after: Coarse) -> Coarse:
    """Return the picture before in the light of the one after, by the straight line that fits best."""
    middle = before - before.mean()
    spread = float((middle * middle).mean())
    slope = float((middle * after).mean()) / spread if spread > 0 else 0.0
    return np.asarray(after.mean() + slope * middle, dtype=np.float32)
