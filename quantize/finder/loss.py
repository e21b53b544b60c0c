"""What the finder's answer is held against: a face is told by the cells about its middle, at the scale of its size.

Cells about the middle are to say that there is a face, those around them may say what they like, all others are to say
no (Z. Tian et al., "FCOS", ICCV 2019); hard cells count more (T.-Y. Lin et al., "Focal Loss", ICCV 2017).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from keras import ops

from assistant.face.detectors.finder_output import LEVELS, POINTS, SIZE_UNIT

FloatArray = npt.NDArray[np.float32]

WIDTHS_PX = {8: (0.0, 44.0), 16: (30.0, 100.0), 32: (70.0, 1e4)}
"""Widths of faces, in pixels of the input, that each scale must tell."""

TOLERATED_PX = {8: (0.0, 62.0), 16: (20.0, 140.0), 32: (48.0, 1e4)}
"""Widths of those that it may tell."""

MIDDLE, AROUND = 0.22, 0.48
"""Of a face's width and height: up to where cells must tell it, and may."""

FOCUS = 2.0
SHAPE_WEIGHT = 12.0
KINK = 0.04
"""Of a face's width: up to here an error of place counts by its square."""


def cells(height: int, width: int) -> FloatArray:
    """The middle of each cell and the pixels to the next, float32 [N, 3]: all of a scale, by rows, then others."""
    parts = []
    for level in LEVELS:
        down, across = np.mgrid[: height // level, : width // level]
        parts.append(
            np.stack([(across + 0.5) * level, (down + 0.5) * level, np.full_like(down, level)], -1).reshape(-1, 3)
        )
    return np.concatenate(parts).astype(np.float32)


def joined(outputs: dict[str, Any]) -> Any:
    """A logit and fourteen numbers for each cell of all scales, [batch, N, 15], in the order of `cells`."""
    parts = [ops.concatenate([outputs[f"score_{level}"], outputs[f"shape_{level}"]], axis=-1) for level in LEVELS]
    return ops.concatenate([ops.reshape(part, (-1, part.shape[1] * part.shape[2], 15)) for part in parts], axis=1)


class FinderLoss:
    """The loss of answers [batch, N, 15] about frames whose rows [batch, faces, 15] tell what is in them."""

    name = "finder_loss"

    def __init__(self, height: int, width: int) -> None:
        grid = cells(height, width)
        self._places = tuple(grid[np.newaxis, :, i, np.newaxis] for i in range(3))
        self._must = self._bounds(grid, WIDTHS_PX)
        self._may = self._bounds(grid, TOLERATED_PX)

    def _grid(self) -> tuple[Any, ...]:
        """Middle of each cell and pixels to the next: x, y, step, [1, N, 1] each, as tensors of the backend."""
        return tuple(ops.convert_to_tensor(each) for each in self._places)

    @staticmethod
    def _bounds(grid: FloatArray, widths: dict[int, tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
        table = np.array([widths[int(step)] for step in grid[:, 2]], np.float32)
        return table[np.newaxis, :, 0, np.newaxis], table[np.newaxis, :, 1, np.newaxis]

    def __call__(self, told: Any, said: Any) -> Any:
        """The mean over the faces of the batch."""
        kind, x, y, wide, tall = (ops.expand_dims(told[:, :, i], 1) for i in range(5))
        wide, tall = ops.maximum(wide, 1.0), ops.maximum(tall, 1.0)
        cell_x, cell_y, step = self._grid()
        across, down = (cell_x - x) / wide, (cell_y - y) / tall
        away = across**2 + down**2
        nearest = (ops.abs(cell_x - x) <= step / 2) & (ops.abs(cell_y - y) <= step / 2)
        is_face = kind > 0.5
        must = is_face & self._within(wide, self._must) & ((away < MIDDLE**2) | nearest)
        around = is_face & self._within(wide, self._may) & ((away < AROUND**2) | nearest)
        neither = (kind < -0.5) & (ops.abs(across) < 0.6) & (ops.abs(down) < 0.6)
        positive = ops.any(must, axis=-1)
        may = ops.any(around | neither, axis=-1)

        count = ops.sum(ops.cast(must, "float32"), axis=1, keepdims=True)
        chosen = ops.cast(must, "float32") * ops.cast(
            away <= ops.min(ops.where(must, away, 1e9), -1, keepdims=True), "float32"
        )
        share = chosen / ops.maximum(count, 1.0)
        faces = ops.maximum(ops.sum(ops.cast(is_face, "float32")), 1.0)
        logit = said[:, :, 0]
        yes = ops.sum(chosen / ops.sqrt(ops.maximum(count, 1.0)), axis=-1) * _focal(logit)
        no = ops.where(positive | may, 0.0, 1.0) * _focal(-logit)
        return (ops.sum(yes) + ops.sum(no) + SHAPE_WEIGHT * self._shape(told, said, chosen, share)) / faces

    @staticmethod
    def _within(wide: Any, bounds: tuple[FloatArray, FloatArray]) -> Any:
        low, high = (ops.convert_to_tensor(each) for each in bounds)
        return (wide >= low) & (wide < high)

    def _shape(self, told: Any, said: Any, chosen: Any, share: Any) -> Any:
        """How far boxes and points are off, in widths of the face; each face counts once."""
        rows = ops.matmul(chosen, told) / ops.maximum(ops.sum(chosen, axis=-1, keepdims=True), 1.0)
        wide, tall = ops.maximum(rows[..., 3:4], 1.0), ops.maximum(rows[..., 4:5], 1.0)
        x, y, step = self._grid()
        middle = ops.concatenate([rows[..., 1:2] - x, rows[..., 2:3] - y], -1) - said[..., 1:3] * step
        size = (
            ops.concatenate([ops.log(wide / (SIZE_UNIT * step)), ops.log(tall / (SIZE_UNIT * step))], -1)
            - said[..., 3:5]
        )
        at = ops.tile(ops.concatenate([x, y], -1), (1, 1, POINTS))
        points = rows[..., 5:] - at - said[..., 5:] * step
        errors = ops.concatenate([middle / wide, 0.5 * size, points / wide], -1)
        return ops.sum(ops.sum(share, -1) * ops.sum(_kinked(errors), -1)) / 4


def _focal(logit: Any) -> Any:
    """How wrong a cell is that should say yes."""
    return ops.sigmoid(-logit) ** FOCUS * ops.softplus(-logit)


def _kinked(errors: Any) -> Any:
    size = ops.abs(errors)
    return ops.where(size < KINK, size**2 / (2 * KINK), size - KINK / 2)
