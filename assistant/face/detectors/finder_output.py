"""What the learned finder's network answers: a grid of cells at three scales.

For each cell there are a logit, `score`, and fourteen numbers, `shape`: where the middle of the box lies from the
middle of the cell, how wide and high the box is, and where the five points lie. `decoded` turns them into pixels of
the input.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

LEVELS = (8, 16, 32)
"""The scales: pixels of the input from one cell to the next."""

SIZE_UNIT = 4.0
"""The network gives a box's side as the logarithm of its length divided by this many cells."""

POINTS = 5
"""Right eye, left eye, nose, right and left corner of the mouth; right and left are the person's."""

VALUES = 4 + 2 * POINTS
"""Numbers of a cell's `shape`."""


def decoded(shapes: FloatArray, level: int, cells: npt.NDArray[np.intp]) -> FloatArray:
    """Return boxes and points of the cells [N, 2] (row, column) of one level, float32 [N, 14], in pixels of the input.

    `shapes` is that level's answer for these cells, float32 [N, 14]. A row is the middle, width and height of the box,
    then x and y of each point. The sides are the face's own: the box of a face that leans is upright about its middle.
    """
    rows = shapes.astype(np.float32)
    middle = (cells[:, ::-1].astype(np.float32) + 0.5) * level
    rows[:, :2] = middle + rows[:, :2] * level
    rows[:, 2:4] = np.exp(rows[:, 2:4]) * (SIZE_UNIT * level)
    points = rows[:, 4:].reshape(-1, POINTS, 2)  # a view: what is done to it is done to the rows
    points *= level
    points += middle[:, np.newaxis]
    return rows


def mirror_image(rows: FloatArray, width: int) -> FloatArray:
    """Return rows [N, 15], a logit and a row of `decoded` each, as they are in the mirror of an input of this width.

    Right and left points change places.
    """
    order = [0, 1, 2, 3, 4, 7, 8, 5, 6, 9, 10, 13, 14, 11, 12]
    back = rows[:, order]
    back[:, (1, *range(5, 15, 2))] = width - back[:, (1, *range(5, 15, 2))]
    return back
