"""Tests of the finder's loss."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from assistant.face.detectors.finder_output import LEVELS, decoded  # noqa: E402
from quantize.finder.training.loss import MIDDLE, WIDTHS_PX, FinderLoss, cells  # noqa: E402

HEIGHT, WIDTH = 128, 160
GRID = cells(HEIGHT, WIDTH)
SURE = 12.0


def table_of(*rows):
    """Return the table of one frame with these rows."""
    table = np.zeros((1, 12, 15), np.float32)
    for place, row in enumerate(rows):
        table[0, place] = row
    return table


def face(x, y, wide, tall, kind=1.0):
    """Return the row of a face that looks ahead."""
    points = [(-0.2, -0.15), (0.2, -0.15), (0, 0), (-0.15, 0.2), (0.15, 0.2)]
    return [kind, x, y, wide, tall, *(v for a, b in points for v in (x + a * wide, y + b * wide))]


def answer(*rows):
    """Return the answer that is right in every cell for these rows."""
    answers = np.zeros((1, len(GRID), 15), np.float32)
    answers[..., 0] = -SURE
    for row in rows:
        _, x, y, wide, tall = row[:5]
        for place, (cell_x, cell_y, step) in enumerate(GRID):
            low, high = WIDTHS_PX[int(step)]
            near = np.hypot((cell_x - x) / wide, (cell_y - y) / tall) < MIDDLE
            nearest = abs(cell_x - x) <= step / 2 and abs(cell_y - y) <= step / 2
            if low <= wide < high and (near or nearest):
                own = [(x - cell_x) / step, (y - cell_y) / step, np.log(wide / 4 / step), np.log(tall / 4 / step)]
                points = (np.array(row[5:]) - np.tile((cell_x, cell_y), 5)) / step
                answers[0, place] = [SURE, *own, *points]
    return answers


@pytest.mark.parametrize("row", [face(50, 60, 20, 26), face(80, 64, 60, 80), face(81, 63, 110, 120)])
def test_the_right_answer_costs_nothing(row):
    """At each scale, the right answer has the loss 0, and the headset decodes it to the row."""
    answers = answer(row)
    assert float(FinderLoss(HEIGHT, WIDTH)(table_of(row), answers)) == pytest.approx(0, abs=1e-3)
    start = 0
    for level in LEVELS:
        count = (HEIGHT // level) * (WIDTH // level)
        grid = answers[0, start : start + count].reshape(HEIGHT // level, WIDTH // level, 15)
        start += count
        sure = np.argwhere(grid[..., 0] > 0)
        for each in decoded(grid[sure[:, 0], sure[:, 1], 1:], level, sure):
            assert each == pytest.approx(np.array(row[1:]), abs=1e-2)


def test_each_kind_of_error_costs():
    """A face that is not found, a false face, and a wrong point each have a loss."""
    row = face(50, 60, 20, 26)
    loss, right = FinderLoss(HEIGHT, WIDTH), answer(row)
    blind, seeing, off = right.copy(), right.copy(), right.copy()
    blind[..., 0] = -SURE
    seeing[0, 0, 0] = SURE
    off[..., 5] += 1
    assert min(float(loss(table_of(row), answers)) for answers in (blind, seeing, off)) > 0.05


def test_ignored_places_cost_nothing():
    """A place that is ignored has no loss, whether a face is reported there or not."""
    row = face(50, 60, 40, 40, kind=-1.0)
    answers = answer()
    inside = (np.abs(GRID[:, 0] - 50) < 20) & (np.abs(GRID[:, 1] - 60) < 20)
    answers[0, inside, 0] = SURE
    assert float(FinderLoss(HEIGHT, WIDTH)(table_of(row), answers)) == pytest.approx(0, abs=1e-3)
