"""Tests of composing frames to learn from."""

import numpy as np
import pytest

from quantize.finder.data.packing import unpack
from quantize.finder.frames.compose import Composer
from quantize.finder.frames.rows import EMPTY, FACE, IGNORED


@pytest.fixture(scope="module")
def frames(packed):
    """Sixty frames that are drawn by seed 1."""
    composer = Composer(unpack(packed), np.random.default_rng(1))
    return [composer.frame() for _ in range(60)]


def test_frames_are_as_the_network_takes_them(frames):
    """Frames have one size, every row has a known kind, and many frames have faces, but not all."""
    assert all((frame.shape, frame.dtype) == ((256, 320), np.uint8) for frame, _ in frames)
    assert all((rows.shape, rows.dtype) == ((12, 15), np.float32) for _, rows in frames)
    kinds = np.concatenate([rows[:, 0] for _, rows in frames])
    assert set(kinds) <= {FACE, IGNORED, EMPTY}
    assert 20 < (kinds == FACE).sum() < 600
    assert any((rows[:, 0] == EMPTY).all() for _, rows in frames)


def test_parts_of_frames_have_faces_of_the_same_sizes(packed):
    """Parts of frames are a quarter as large, and their faces are not smaller."""
    composer = Composer(unpack(packed), np.random.default_rng(1), (128, 160))
    parts = [composer.frame() for _ in range(60)]
    assert all(frame.shape == (128, 160) for frame, _ in parts)
    widths = np.concatenate([rows[rows[:, 0] == FACE][:, 3] for _, rows in parts])
    assert 30 < len(widths) < 240
    assert widths.max() > 60


def test_frames_repeat_by_seed(packed):
    """The same seed gives the same frames, another seed gives others."""
    one, same, other = (Composer(unpack(packed), np.random.default_rng(seed)).frame() for seed in (4, 4, 5))
    assert (one[0] == same[0]).all()
    assert (one[1] == same[1]).all()
    assert (one[0] != other[0]).any()


def test_points_lie_where_the_face_is_drawn(frames):
    """In the direction of every face, the right eye is left of the left eye, and the mouth is below them."""
    for _, rows in frames:
        for row in rows[rows[:, 0] == FACE]:
            points = row[5:].reshape(5, 2)
            across, down = points[1] - points[0], (points[3] + points[4] - points[0] - points[1]) / 2
            assert across[0] * down[1] - across[1] * down[0] > 0
            assert np.abs(points.mean(axis=0) - row[1:3]).max() < row[4]
