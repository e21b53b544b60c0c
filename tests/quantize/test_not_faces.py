"""Pictures without a face, to learn from."""

import numpy as np
import pytest

from quantize.not_faces import drawn_scene, false_alarms

pytest.importorskip("rich")


def test_false_alarms_repeat_by_seed():
    """As many as asked for, in the form of faces, none of them blank."""
    first, again, other = false_alarms(5, 1), false_alarms(5, 1), false_alarms(5, 2)
    assert (first.shape, first.dtype) == ((5, 48, 48), np.uint8)
    assert (first == again).all()
    assert (first != other).any()
    assert (first.std(axis=(1, 2)) > 2).all()


def test_scenes_differ():
    """One drawing after another."""
    rng = np.random.default_rng(3)
    one, other = drawn_scene(rng), drawn_scene(rng)
    assert (one.shape, one.dtype) == ((320, 320), np.uint8)
    assert (one != other).any()
