"""Describes what is in a frame: one row of fifteen numbers for each face."""

from __future__ import annotations

import numpy as np

from quantize.finder.data.faces import FloatArray

ROW = 15
"""The numbers of a row: its kind, the middle, width and height of the box, and five points, in pixels."""

MOST_FACES = 12
"""The rows of a frame's table."""

FACE, IGNORED, EMPTY = 1.0, -1.0, 0.0
"""The kinds of a row: a face; a place that counts neither as face nor as background; an unused row."""

MIN_WIDTH_PX = 10.0
"""A narrower face is ignored: it counts neither as face nor as background."""


def moved(shape: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return the row [15] of a face's fourteen numbers, moved by a matrix [2, 3]; its kind is not set.

    Where the matrix mirrors, the points of the right and of the left side change places.
    """
    middle = np.array([shape[0] + shape[2] / 2, shape[1] + shape[3] / 2])
    spots = np.vstack([middle, shape[4:14].reshape(5, 2)]) @ matrix[:, :2].T + matrix[:, 2]
    across, down = (float(np.hypot(*matrix[:, axis])) for axis in (0, 1))
    if np.linalg.det(matrix[:, :2]) < 0:
        spots = spots[[0, 2, 1, 3, 5, 4]]
    row = np.empty(ROW, np.float32)
    row[1:3], row[3], row[4] = spots[0], shape[2] * across, shape[3] * down
    row[5:] = spots[1:].ravel()
    return row


def covers_a_face(matrix: FloatArray, mask: FloatArray, rows: list[FloatArray]) -> bool:
    """Return whether a patch with this mask, moved by the matrix [2, 3], would cover a face of these rows."""
    if not rows:
        return False
    corners = (
        np.array([[0, 0], [mask.shape[1], 0], [0, mask.shape[0]], mask.shape[::-1]]) @ matrix[:, :2].T + matrix[:, 2]
    )
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return any(
        left < x + wide * 0.6 and right > x - wide * 0.6 and top < y + tall * 0.6 and bottom > y - tall * 0.6
        for _, x, y, wide, tall in (row[:5] for row in rows)
    )


def row_table(rows: list[FloatArray], left: int, top: int) -> FloatArray:
    """Return the table [12, 15] of a frame, the largest faces first, for a view whose corner lies at (left, top)."""
    table = np.zeros((MOST_FACES, ROW), np.float32)
    for place, row in enumerate(sorted(rows, key=lambda row: -row[3])[:MOST_FACES]):
        table[place] = row
        table[place, 1:3] += (left, top)
        table[place, 5:] += np.tile((left, top), 5)
    return table
