"""Tests of the changes that training pictures get."""

import numpy as np
import pytest

from quantize.data.augment import Augmentation

PICTURES = np.random.default_rng(1).integers(0, 256, (8, 48, 48), dtype=np.uint8)


def test_augmented_pictures_differ_and_repeat():
    """Each picture gets its own changes, the same seed gives the same changes, and the originals stay as they are."""
    before = PICTURES.copy()
    first = Augmentation().apply(PICTURES, np.random.default_rng(2))
    again = Augmentation().apply(PICTURES, np.random.default_rng(2))
    assert (first == again).all()
    assert (before == PICTURES).all()
    assert (first != PICTURES).any(axis=(1, 2)).all()
    assert (first.shape, first.dtype) == (PICTURES.shape, np.uint8)


@pytest.mark.parametrize(
    "change",
    [
        {"flip": 1.0},
        {"turn_deg": 20.0},
        {"scale": 0.3},
        {"shift": 0.2},
        {"brightness": 0.5},
        {"contrast": 0.5},
        {"erase": 1.0},
        {"degrade": 1.0},
    ],
)
def test_each_change_can_be_used_alone(change):
    """With all changes at zero a picture stays the same, and one change alone changes every picture."""
    none = dict.fromkeys(("flip", "turn_deg", "scale", "shift", "brightness", "erase"), 0.0)
    assert (Augmentation(**none).apply(PICTURES, np.random.default_rng(1)) == PICTURES).all()
    changed = Augmentation(**none | change).apply(PICTURES, np.random.default_rng(1))
    assert (changed != PICTURES).any(axis=(1, 2)).all()
