"""Boxes in a frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.geometry import BoundingBox

pytestmark = pytest.mark.runtime

boxes = st.builds(BoundingBox, st.integers(-200, 900), st.integers(-200, 900), st.integers(1, 900), st.integers(1, 900))


@given(boxes, st.integers(1, 700), st.integers(1, 700))
def test_a_crop_is_the_clipped_box(box, width, height):
    """For any box, the crop has the size of the part inside the frame, or is empty."""
    inside = box.clipped(width, height)
    crop = box.crop(np.zeros((height, width), np.uint8))
    assert crop.size == 0 if inside is None else crop.shape == (inside.height, inside.width)


@given(boxes, boxes)
def test_overlap_is_a_share(first, second):
    """The overlap lies between 0 and 1, is the same both ways, and is 1 for a box with itself."""
    assert 0 <= first.overlap(second) == second.overlap(first) <= 1
    assert first.overlap(first) == 1


def test_a_box_grows_about_its_middle():
    """A box that is grown by a half gets half its size on each side, and its centre stays."""
    assert BoundingBox(100, 100, 40, 60).grown(0.5) == BoundingBox(80, 70, 80, 120)


def test_an_empty_box_is_refused():
    """A box without any width raises an error."""
    with pytest.raises(ValueError, match="positive size"):
        BoundingBox(0, 0, 0, 4)
