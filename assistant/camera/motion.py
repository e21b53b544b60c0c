"""Whether something moves: compares coarse pictures, whatever the light and the noise."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Coarse = npt.NDArray[np.float32]

BLOCKS_ACROSS = 40
"""A face of 34 pixels in a frame of 640, the smallest that is found, covers two blocks each way."""

LINE_STEP = 2
"""Every second line is enough to average the noise away."""

REFERENCE_S = 1.0
"""A picture is compared with one so old at most: what moves slowly moves far enough in that time."""

LEAST_LEVELS, NOISES, LEAST_BLOCKS = 3.0, 6.0, 2
"""So many blocks must differ by so many gray levels, and by so many times as much as noise does."""

USUAL = 1.4826
"""The deviation of normal noise, as a multiple of the median of its size."""

NOISE_DOUBLES_S = 60.0
"""The least difference that was met is the noise; it is believed to have grown no faster than this."""


class MotionDetector:
    """Compares each picture with one of a moment ago; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._reference: Coarse | None = None
        self._reference_s = self._compared_s = 0.0
        self._noise = math.inf

    def update(self, gray: Gray, now: float) -> bool:
        """Whether something moved, or all did; the first picture, and one of another size, count as movement."""
        coarse = coarsened(gray)
        reference = self._reference
        moved = reference is None or reference.shape != coarse.shape or self._differs(reference, coarse, now)
        if moved or now - self._reference_s >= REFERENCE_S:
            self._reference, self._reference_s = coarse, now
        return moved

    def _differs(self, before: Coarse, after: Coarse, now: float) -> bool:
        """Whether blocks differ by more than noise: that of before counts, where all of the picture moves."""
        if not before.size:
            return False
        rest = np.abs(after - _as_lit(before, after))
        grown = self._noise * 2 ** (max(0.0, now - self._compared_s) / NOISE_DOUBLES_S)
        self._noise, self._compared_s = min(grown, USUAL * float(np.median(rest))), now
        limit = max(LEAST_LEVELS, NOISES * self._noise)
        return bool(np.count_nonzero(rest > limit) >= LEAST_BLOCKS)


def coarsened(gray: Gray) -> Coarse:
    """The means of square blocks, float32 [rows, columns]; what is left over at the right and below is left out."""
    side = max(LINE_STEP, gray.shape[1] // BLOCKS_ACROSS // LINE_STEP * LINE_STEP)
    rows, columns = gray.shape[0] // side, gray.shape[1] // side
    lines = gray[: rows * side : LINE_STEP, : columns * side]
    summed = lines.reshape(rows, side // LINE_STEP, columns * side).sum(axis=1, dtype=np.uint16)
    blocks = summed.reshape(rows, columns, side).sum(axis=2, dtype=np.float32)
    return np.asarray(blocks / (side * side // LINE_STEP), dtype=np.float32)


def _as_lit(before: Coarse, after: Coarse) -> Coarse:
    """The picture before, in the light of the one after: the straight line that fits best."""
    middle = before - before.mean()
    spread = float((middle * middle).mean())
    slope = float((middle * after).mean()) / spread if spread > 0 else 0.0
    return np.asarray(after.mean() + slope * middle, dtype=np.float32)
