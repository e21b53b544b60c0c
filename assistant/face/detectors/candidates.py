"""Merges the many cells in which the finder sees a face into one answer for each face.

Rows are float32 [N, 15]: a logit; middle, width and height of the box; x and y of each point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

SAME_FACE = 0.55
"""Two boxes are of one face where the larger one contains this share of the smaller one, or more."""

SAME_BOX = 0.4
"""Two boxes are averaged where their intersection over union is at least this."""

MOST_CANDIDATES = 256
"""At most this many cells are compared with each other, the surest."""

MOST_FACES = 32
"""At most this many faces are returned for one frame; a poster may have a thousand."""


def merged(rows: FloatArray) -> FloatArray:
    """Return one row for each face, the surest first.

    A row has the logit of the surest cell, and the mean box and points of the cells that agree with it. The weights of
    the mean are the odds. From frame to frame the mean jitters less than the surest cell's answer:
    V. Bazarevsky et al., "BlazeFace", 2019.
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
    """Return the intersection of a box with each of others [N], divided by the smaller box, and by the union.

    Rows begin with middle, width and height.
    """
    half, halves = one[2:4] / 2, others[:, 2:4] / 2
    shared = np.minimum(one[:2] + half, others[:, :2] + halves) - np.maximum(one[:2] - half, others[:, :2] - halves)
    both = np.prod(np.maximum(shared, 0.0), axis=1)
    area, areas = np.prod(one[2:4]), np.prod(others[:, 2:4], axis=1)
    over_smaller = both / np.maximum(np.minimum(area, areas), 1e-6)
    return over_smaller, both / np.maximum(area + areas - both, 1e-6)
