"""Puts a piece into a view, and tells where the face that it shows comes to lie."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from quantize.finder.pieces import FloatArray, Gray, Patch, Random

ROW = 15
"""Numbers of a row: what it is, middle, width and height of the box, five points."""


def shrunk(picture: Gray, scale: float) -> Gray:
    """The picture made smaller where it is to be: warping alone would leave out pixels."""
    if scale >= 0.75:
        return picture
    size = (max(2, round(picture.shape[1] * scale)), max(2, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def mirrored(matrix: FloatArray, width: int) -> FloatArray:
    """The matrix [2, 3] that does the same in a view of this width and then mirrors it."""
    flip = np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], np.float32)
    return np.asarray((flip @ np.vstack([matrix, (0, 0, 1)]))[:2], np.float32)


def moved(shape: FloatArray, matrix: FloatArray) -> FloatArray:
    """A row [15] of a face's fourteen numbers, moved by a matrix [2, 3]; mirrored, right and left change places."""
    middle = np.array([shape[0] + shape[2] / 2, shape[1] + shape[3] / 2])
    spots = np.vstack([middle, shape[4:14].reshape(5, 2)]) @ matrix[:, :2].T + matrix[:, 2]
    across, down = (float(np.hypot(*matrix[:, axis])) for axis in (0, 1))
    if np.linalg.det(matrix[:, :2]) < 0:
        spots = spots[[0, 2, 1, 3, 5, 4]]
    row = np.empty(ROW, np.float32)
    row[1:3], row[3], row[4] = spots[0], shape[2] * across, shape[3] * down
    row[5:] = spots[1:].ravel()
    return row


def covers(matrix: FloatArray, mask: FloatArray, rows: list[FloatArray]) -> bool:
    """Whether a piece would cover any face that is told of."""
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


def blend(view: FloatArray, patch: Patch, matrix: FloatArray, scale: float) -> None:
    """Paste the piece into the view, in place."""
    height, width = view.shape
    side = patch.gray.shape[0]
    corners = np.array([[0, 0], [side, 0], [0, side], [side, side]]) @ matrix[:, :2].T + matrix[:, 2]
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (width, height))
    if right - left < 2 or bottom - top < 2:
        return
    gray = shrunk(patch.gray, scale)
    mask: Any = patch.mask
    small = gray.shape[0]
    if small != side:
        mask = cv2.resize(mask, (small, small), interpolation=cv2.INTER_AREA)
    local = matrix.copy()
    local[:, :2] *= side / small
    local[:, 2] -= (left, top)
    size = (int(right - left), int(bottom - top))
    seen = cv2.warpAffine(gray, local, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(mask, local, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    part = view[top:bottom, left:right]
    part += cover * (seen - part)


def draw_body(view: FloatArray, middle: npt.NDArray[np.float64], wide: float, lean: float, rng: Random) -> None:
    """Neck and shoulders below a face, in one gray with a fold or two."""
    x, y = float(middle[0] - 0.8 * wide * math.sin(math.radians(lean))), float(middle[1])
    level = float(rng.uniform(10, 240))
    neck, shoulder = rng.uniform(0.3, 0.5) * wide, rng.uniform(1.0, 1.7) * wide
    outline = np.array(
        [
            (x - neck, y + 0.4 * wide),
            (x + neck, y + 0.4 * wide),
            (x + neck * 1.1, y + 0.95 * wide),
            (x + shoulder, y + 1.3 * wide),
            (x + shoulder * 1.1, y + 4 * wide),
            (x - shoulder * 1.1, y + 4 * wide),
            (x - shoulder, y + 1.3 * wide),
            (x - neck * 1.1, y + 0.95 * wide),
        ]
    )
    cv2.fillPoly(view, [np.round(16 * outline).astype(np.int32)], level, cv2.LINE_AA, 4)
