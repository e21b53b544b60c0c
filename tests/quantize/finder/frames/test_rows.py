"""Tests of the rows that describe what is in a frame."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.finder.frames.rows import moved


@given(st.floats(0.1, 3), st.floats(-90, 90), st.booleans())
def test_a_row_moves_with_its_picture(scale, lean, mirror):
    """The row of a face that is turned, scaled and mirrored keeps its proportions, and its right eye stays right."""
    shape = np.array([10, 20, 40, 60, 20, 40, 40, 40, 30, 55, 22, 65, 38, 65], np.float32)
    matrix = cv2.getRotationMatrix2D((0, 0), lean, scale)
    if mirror:
        matrix[:, 0] *= -1
    row = moved(shape, matrix.astype(np.float32))
    assert row[3:5] == pytest.approx(np.array([40, 60]) * scale, rel=1e-3)
    right, left = row[5:7], row[7:9]
    along = matrix[:, :2] @ (1.0, 0.0) * (-1 if mirror else 1)
    assert (left - right) @ along > 0
