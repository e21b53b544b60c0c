"""Frames to learn from."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.finder.data.packing import unpack
from quantize.finder.frames.compose import Composer
from quantize.finder.frames.rows import EMPTY, FACE, IGNORED, moved


@pytest.fixture(scope="module")
def frames(packed):
    """Sixty frames, by seed 1."""
    composer = Composer(unpack(packed), np.random.default_rng(1))
    return [composer.frame() for _ in range(60)]


def test_frames_are_as_the_network_takes_them(frames):
    """All of one size, most with something in it, and every row of a known kind."""
    assert all((frame.shape, frame.dtype) == ((256, 320), np.uint8) for frame, _ in frames)
    assert all((rows.shape, rows.dtype) == ((12, 15), np.float32) for _, rows in frames)
    kinds = np.concatenate([rows[:, 0] for _, rows in frames])
    assert set(kinds) <= {FACE, IGNORED, EMPTY}
    assert 20 < (kinds == FACE).sum() < 600
    assert any((rows[:, 0] == EMPTY).all() for _, rows in frames)


def test_parts_of_frames_have_faces_of_the_same_sizes(packed):
    """A quarter of a frame, with faces that are no smaller."""
    composer = Composer(unpack(packed), np.random.default_rng(1), (128, 160))
    parts = [composer.frame() for _ in range(60)]
    assert all(frame.shape == (128, 160) for frame, _ in parts)
    widths = np.concatenate([rows[rows[:, 0] == FACE][:, 3] for _, rows in parts])
    assert 30 < len(widths) < 240
    assert widths.max() > 60


def test_frames_repeat_by_seed(packed):
    """The same seed, the same frames; another, others."""
    one, same, other = (Composer(unpack(packed), np.random.default_rng(seed)).frame() for seed in (4, 4, 5))
    assert (one[0] == same[0]).all()
    assert (one[1] == same[1]).all()
    assert (one[0] != other[0]).any()


def test_points_lie_where_the_face_is_drawn(frames):
    """In each face the right eye is left of the left one, and the mouth is below, seen from the face's own lean."""
    for _, rows in frames:
        for row in rows[rows[:, 0] == FACE]:
            points = row[5:].reshape(5, 2)
            across, down = points[1] - points[0], (points[3] + points[4] - points[0] - points[1]) / 2
            assert across[0] * down[1] - across[1] * down[0] > 0
            assert np.abs(points.mean(axis=0) - row[1:3]).max() < row[4]


@given(st.floats(0.1, 3), st.floats(-90, 90), st.booleans())
def test_a_row_moves_with_its_picture(scale, lean, mirror):
    """A face that is turned and mirrored keeps its sides, and its right stays its right."""
    shape = np.array([10, 20, 40, 60, 20, 40, 40, 40, 30, 55, 22, 65, 38, 65], np.float32)
    matrix = cv2.getRotationMatrix2D((0, 0), lean, scale)
    if mirror:
        matrix[:, 0] *= -1
    row = moved(shape, matrix.astype(np.float32))
    assert row[3:5] == pytest.approx(np.array([40, 60]) * scale, rel=1e-3)
    right, left = row[5:7], row[7:9]
    along = matrix[:, :2] @ (1.0, 0.0) * (-1 if mirror else 1)
    assert (left - right) @ along > 0
