"""The loss of the finder: the cells near the middle of a face must report it, at the scale of the face's size.

Cells near the middle must report a face, cells around them may report it, all others must not (Z. Tian et al., "FCOS",
ICCV 2019). Cells that are wrong count more (T.-Y. Lin et al., "Focal Loss", ICCV 2017).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from keras import ops

from assistant.face.detectors.finder_output import LEVELS, POINTS, SIZE_UNIT

FloatArray = npt.NDArray[np.float32]

WIDTHS_PX = {8: (0.0, 44.0), 16: (30.0, 100.0), 32: (70.0, 1e4)}
"""The widths of the faces that each scale must report, in pixels of the input."""

TOLERATED_PX = {8: (0.0, 62.0), 16: (20.0, 140.0), 32: (48.0, 1e4)}
"""The widths of the faces that each scale may report, in pixels of the input."""

MIDDLE, AROUND = 0.22, 0.48
"""Distances from the middle, in widths and heights of the face, up to which cells must and may report it."""

FOCUS = 2.0
SHAPE_WEIGHT = 12.0
KINK = 0.04
"""An error of place up to this share of the face's width counts by its square, a larger error in proportion."""


def cells(height: int, width: int) -> FloatArray:
    """Return the middle of each cell and the pixels to the next cell, float32 [N, 3]; scale by scale, row by row."""
    parts = []
    for level in LEVELS:
        down, across = np.mgrid[: height // level, : width // level]
        parts.append(
            np.stack([(across + 0.5) * level, (down + 0.5) * level, np.full_like(down, level)], -1).reshape(-1, 3)
        )
    return np.concatenate(parts).astype(np.float32)


def joined(outputs: dict[str, Any]) -> Any:
    """Return a logit and fourteen numbers for each cell of all scales, [batch, N, 15], in the order of `cells`."""
    parts = [ops.concatenate([outputs[f"score_{level}"], outputs[f"shape_{level}"]], axis=-1) for level in LEVELS]
    return ops.concatenate([ops.reshape(part, (-1, part.shape[1] * part.shape[2], 15)) for part in parts], axis=1)


class FinderLoss:
    """The loss of answers [batch, N, 15] to frames whose tables are [batch, faces, 15]."""

    name = "finder_loss"

    def __init__(self, height: int, width: int) -> None:
        grid = cells(height, width)
        self._places = tuple(grid[np.newaxis, :, i, np.newaxis] for i in range(3))
        self._must = self._bounds(grid, WIDTHS_PX)
        self._may = self._bounds(grid, TOLERATED_PX)

    def _grid(self) -> tuple[Any, ...]:
        """Return each cell's middle and the pixels to the next cell: x, y, step, [1, N, 1] each, as tensors."""
        return tuple(ops.convert_to_tensor(each) for each in self._places)

    @staticmethod
    def _bounds(grid: FloatArray, widths: dict[int, tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
        table = np.array([widths[int(step)] for step in grid[:, 2]], np.float32)
        return table[np.newaxis, :, 0, np.newaxis], table[np.newaxis, :, 1, np.newaxis]

    def __call__(self, table: Any, answers: Any) -> Any:
        """Return the mean loss over the faces of the batch."""
        kind, x, y, wide, tall = (ops.expand_dims(table[:, :, i], 1) for i in range(5))
        wide, tall = ops.maximum(wide, 1.0), ops.maximum(tall, 1.0)
        cell_x, cell_y, step = self._grid()
        across, down = (cell_x - x) / wide, (cell_y - y) / tall
        away = across**2 + down**2
        nearest = (ops.abs(cell_x - x) <= step / 2) & (ops.abs(cell_y - y) <= step / 2)
        is_face = kind > 0.5
        must = is_face & self._within(wide, self._must) & ((away < MIDDLE**2) | nearest)
        around = is_face & self._within(wide, self._may) & ((away < AROUND**2) | nearest)
        ignored = (kind < -0.5) & (ops.abs(across) < 0.6) & (ops.abs(down) < 0.6)
        positive = ops.any(must, axis=-1)
        may = ops.any(around | ignored, axis=-1)

        count = ops.sum(ops.cast(must, "float32"), axis=1, keepdims=True)
        chosen = ops.cast(must, "float32") * ops.cast(
            away <= ops.min(ops.where(must, away, 1e9), -1, keepdims=True), "float32"
        )
        share = chosen / ops.maximum(count, 1.0)
        faces = ops.maximum(ops.sum(ops.cast(is_face, "float32")), 1.0)
        logit = answers[:, :, 0]
        yes = ops.sum(chosen / ops.sqrt(ops.maximum(count, 1.0)), axis=-1) * _focal(logit)
        no = ops.where(positive | may, 0.0, 1.0) * _focal(-logit)
        return (ops.sum(yes) + ops.sum(no) + SHAPE_WEIGHT * self._shape(table, answers, chosen, share)) / faces

    @staticmethod
    def _within(wide: Any, bounds: tuple[FloatArray, FloatArray]) -> Any:
        low, high = (ops.convert_to_tensor(each) for each in bounds)
        return (wide >= low) & (wide < high)

    def _shape(self, table: Any, answers: Any, chosen: Any, share: Any) -> Any:
        """Return the errors of boxes and points, in widths of the face; each face counts once."""
        rows = ops.matmul(chosen, table) / ops.maximum(ops.sum(chosen, axis=-1, keepdims=True), 1.0)
        wide, tall = ops.maximum(rows[..., 3:4], 1.0), ops.maximum(rows[..., 4:5], 1.0)
        x, y, step = self._grid()
        middle = ops.concatenate([rows[..., 1:2] - x, rows[..., 2:3] - y], -1) - answers[..., 1:3] * step
        size = (
            ops.concatenate([ops.log(wide / (SIZE_UNIT * step)), ops.log(tall / (SIZE_UNIT * step))], -1)
            - answers[..., 3:5]
        )
        at = ops.tile(ops.concatenate([x, y], -1), (1, 1, POINTS))
        points = rows[..., 5:] - at - answers[..., 5:] * step
        errors = ops.concatenate([middle / wide, 0.5 * size, points / wide], -1)
        return ops.sum(ops.sum(share, -1) * ops.sum(_kinked(errors), -1)) / 4


def _focal(logit: Any) -> Any:
    """Return the focal loss of cells that should report a face."""
    return ops.sigmoid(-logit) ** FOCUS * ops.softplus(-logit)


def _kinked(errors: Any) -> Any:
    size = ops.abs(errors)
    return ops.where(size < KINK, size**2 / (2 * KINK), size - KINK / 2)
