"""Puts pictures into a view, in place: pastes patches, draws neck and shoulders."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from quantize.finder.data.faces import FloatArray, Gray
from quantize.finder.frames.pieces import Patch, Random


def shrunk(picture: Gray, scale: float) -> Gray:
    """Make a picture smaller before it is warped by a small scale, since warping alone would leave out pixels."""
    if scale >= 0.75:
        return picture
    size = (max(2, round(picture.shape[1] * scale)), max(2, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def mirrored(matrix: FloatArray, width: int) -> FloatArray:
    """Return the matrix [2, 3] that does the same as `matrix` and then mirrors a view of this width."""
    flip = np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], np.float32)
    return np.asarray((flip @ np.vstack([matrix, (0, 0, 1)]))[:2], np.float32)


def blend(view: FloatArray, patch: Patch, matrix: FloatArray, scale: float) -> None:
    """Paste a patch, moved by the matrix [2, 3], into the view [height, width]."""
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
    warped = cv2.warpAffine(gray, local, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(mask, local, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    part = view[top:bottom, left:right]
    part += cover * (warped - part)


def draw_body(view: FloatArray, middle: npt.NDArray[np.float64], wide: float, lean: float, rng: Random) -> None:
    """Draw neck and shoulders below a face, in one gray level."""
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
