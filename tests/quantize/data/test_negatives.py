"""Pictures without a face, to learn from."""

import numpy as np
import pytest

from quantize.data.negatives import drawn_scene, false_alarms, pieced_scene

pytest.importorskip("rich")


@pytest.fixture
def photographs():
    """Twenty pictures of nothing but noise, in place of faces."""
    return np.random.default_rng(0).integers(0, 256, (20, 48, 48), dtype=np.uint8)


def test_false_alarms_repeat_by_seed(photographs):
    """As many as asked for, in the form of faces, none of them blank."""
    first, again, other = (false_alarms(5, seed, photographs) for seed in (1, 1, 2))
    assert (first.shape, first.dtype) == ((5, 48, 48), np.uint8)
    assert (first == again).all()
    assert (first != other).any()
    assert (first.std(axis=(1, 2)) > 2).all()


@pytest.mark.parametrize("made", [lambda _, rng: drawn_scene(rng), pieced_scene], ids=["drawn", "pieced"])
def test_scenes_differ(made, photographs):
    """One scene after another."""
    rng = np.random.default_rng(3)
    one, other = made(photographs, rng), made(photographs, rng)
    assert (one.shape, one.dtype) == ((320, 320), np.uint8)
    assert (one != other).any()
