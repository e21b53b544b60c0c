"""Tests of pictures without a face, to learn from."""

import numpy as np
import pytest

from quantize.data.negatives import drawn_scene, false_alarms, pieced_scene

pytest.importorskip("rich")


@pytest.fixture
def photographs():
    """Twenty pictures of noise in place of faces."""
    return np.random.default_rng(0).integers(0, 256, (20, 48, 48), dtype=np.uint8)


def test_false_alarms_repeat_by_seed(photographs):
    """As many false alarms as asked for are found, and none is blank; the same seed gives the same ones again."""
    first, again, other = (false_alarms(5, seed, photographs) for seed in (1, 1, 2))
    assert (first.shape, first.dtype) == ((5, 48, 48), np.uint8)
    assert (first == again).all()
    assert (first != other).any()
    assert (first.std(axis=(1, 2)) > 2).all()


@pytest.mark.parametrize("draw", [lambda _, rng: drawn_scene(rng), pieced_scene], ids=["drawn", "pieced"])
def test_scenes_differ(draw, photographs):
    """Two scenes that are drawn one after the other differ."""
    rng = np.random.default_rng(3)
    one, other = draw(photographs, rng), draw(photographs, rng)
    assert (one.shape, one.dtype) == ((320, 320), np.uint8)
    assert (one != other).any()
