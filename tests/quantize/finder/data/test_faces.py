"""Tests of reading labelled faces and scenes."""

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.finder.data.faces import is_validation, read_faces


def test_a_face_without_a_box_is_kept_without_shape(faces_folder):
    """A face whose box is not known has no shape; it is used to measure, not to train."""
    first, *others = read_faces(faces_folder)
    assert first.shape is None
    assert all(each.shape is not None and each.shape.shape == (14,) for each in others)
    assert {each.group for each in others} == {"A", "B"}


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 1.0])
def test_the_share_that_validates(share):
    """About the given share of many names belongs to the validation part."""
    cut = np.mean([is_validation(f"{number}.jpg", share) for number in range(4000)])
    assert abs(cut - share) < 0.03
    assert cut == share or 0 < share < 1


def test_a_missing_table_is_named(tmp_path):
    """A folder without the table of faces is refused, and the message names the table."""
    with pytest.raises(DataError, match=r"fairface\.csv: there is no such file"):
        read_faces(tmp_path)
