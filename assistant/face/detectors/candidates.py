"""From the many cells in which the finder sees a face to one answer a face.

Rows are float32 [N, 15]: a logit; middle, width and height of the box; x and y of each point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

SAME_FACE = 0.55
"""Share of the smaller of two boxes inside the other from which on they are of one face: a part of a face is none."""

SAME_BOX = 0.4
"""Intersection over union from which on two boxes tell of the same face well enough to be averaged."""

MOST_CANDIDATES = 256
"""Cells that are compared with each other: the surest."""

MOST_FACES = 32
"""In one frame: a poster may have a thousand."""


def merged(rows: FloatArray) -> FloatArray:
    """One row a face, the surest first: the surest cell's logit, and the mean of the boxes and points that agree.

    Weights are the odds. From frame to frame a mean jitters less than the surest cell's own answer: V. Bazarevsky et
    al., "BlazeFace", 2019.
    """
    rows = rows[np.isfinite(rows).all(axis=1)]
    rows = rows[np.argsort(-rows[:, 0], kind="stable")][:MOST_CANDIDATES]
    kept: list[FloatArray] = []
    while len(rows) and len(kept) < MOST_FACES:
        over_smaller, over_union = overlaps(rows[0, 1:], rows[:, 1:])
        kept.append(_averaged(rows[0], rows[over_union >= SAME_BOX]))
        over_smaller[0] = 1.0
        rows = rows[over_smaller < SAME_FACE]
    return np.stack(kept) if kept else np.zeros((0, 15), np.float32)


def _averaged(surest: FloatArray, agreeing: FloatArray) -> FloatArray:
    if len(agreeing) < 2:
        return surest
    odds = np.exp(agreeing[:, 0] - surest[0])
    return np.concatenate([surest[:1], odds @ agreeing[:, 1:] / odds.sum()]).astype(np.float32)


def overlaps(one: FloatArray, others: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Intersection of a box with each of others [N], over the smaller one and over the union.

    Rows begin with middle, width and height.
    """
    half, halves = one[2:4] / 2, others[:, 2:4] / 2
    shared = np.minimum(one[:2] + half, others[:, :2] + halves) - np.maximum(one[:2] - half, others[:, :2] - halves)
    both = np.prod(np.maximum(shared, 0.0), axis=1)
    area, areas = np.prod(one[2:4]), np.prod(others[:, 2:4], axis=1)
    over_smaller = both / np.maximum(np.minimum(area, areas), 1e-6)
    return over_smaller, both / np.maximum(area + areas - both, 1e-6)
