"""Tests of files of a teacher's scores that are damaged."""

import contextlib

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.training.distillation import read_scores

ROW = np.arange(4)


def write_scores(path, **changed):
    """Write a file of scores for four rows, with some arrays changed; return its path."""
    tables = {"row": ROW.astype(np.int32), "emotion": np.zeros((4, 7), np.float16)} | changed
    np.savez_compressed(path, **{name: table for name, table in tables.items() if table is not None})
    return path


def with_a(value):
    """Return scores, one of which is this value."""
    table = np.zeros((4, 7), np.float16)
    table[2, 5] = value
    return table


TEACHERS = {
    "NaN": ({"emotion": with_a(np.nan)}, "its 'emotion' scores of row 2 and 0 more are not finite numbers"),
    "infinity": ({"emotion": with_a(-np.inf)}, "its 'emotion' scores of row 2 and 0 more are not finite numbers"),
    "too short": ({"emotion": np.zeros((3, 7), np.float16)}, "'emotion' has scores for 3 rows, and there are 4"),
    "a number": ({"emotion": np.float16(3)}, "'emotion' has scores for 0 rows, and there are 4"),
    "texts": ({"emotion": np.full((4, 7), "x")}, "is damaged"),
    "no rows": ({"row": None}, "does not say of which rows they are"),
    "rows of text": ({"row": np.array(["a"] * 4)}, "does not say of which rows they are"),
    "other rows": ({"row": ROW + 1}, "has no scores for row 0 of the data and 0 more"),
}


@pytest.mark.parametrize(("changed", "complaint"), TEACHERS.values(), ids=TEACHERS.keys())
def test_a_teacher_that_cannot_teach_is_refused(tmp_path, changed, complaint):
    """A file of scores with wrong arrays is refused, and the message says what is wrong."""
    with pytest.raises(DataError, match=complaint):
        read_scores(write_scores(tmp_path / "teacher.npz", **changed), ROW)


def test_a_teacher_with_wrong_bytes_is_refused_or_read(tmp_path):
    """A file of scores with any wrong byte, or cut off, is read or refused by this program's own error."""
    whole = write_scores(tmp_path / "teacher.npz").read_bytes()
    assert set(read_scores(tmp_path / "teacher.npz", ROW)) == {"emotion"}
    rng = np.random.default_rng(1)
    for number in range(100):
        content = bytearray(whole[: rng.integers(1, len(whole))] if number % 4 == 0 else whole)
        content[rng.integers(len(content))] ^= int(rng.integers(1, 256))
        (tmp_path / "teacher.npz").write_bytes(content)
        with contextlib.suppress(DataError):  # some bytes have no meaning
            read_scores(tmp_path / "teacher.npz", ROW)
