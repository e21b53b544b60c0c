"""Tests of the file of what detectors took for faces."""

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.data.candidates import Candidates, joined, read_candidates, write_candidates

CROPS = np.arange(3 * 48 * 48).reshape(3, 48, 48).astype(np.uint8)
KINDS = np.array([True, False, True])


def test_what_was_written_is_read_again(tmp_path):
    """The crops, and what each of them shows, are the same."""
    write_candidates(tmp_path / "made.npz", Candidates(CROPS, KINDS))
    read = read_candidates(tmp_path / "made.npz")
    assert (read.crops == CROPS).all()
    assert (read.is_face == KINDS).all()


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"crops": CROPS}, "is not what `quantize finder candidates` writes"),
        ({"crops": CROPS[:2], "is_face": KINDS}, "is damaged"),
        ({"crops": CROPS.astype(np.float32), "is_face": KINDS}, "is damaged"),
        ({"crops": np.uint8(1), "is_face": np.bool_(True)}, "is damaged"),
        ({"crops": CROPS, "is_face": KINDS[np.newaxis]}, "is damaged"),
        ({"crops": CROPS, "is_face": np.array([True] * 3)}, "some of faces and some of other things"),
        ({"crops": CROPS, "is_face": np.array(["a", "b", "c"], object)}, "is not what"),
    ],
)
def test_another_file_is_refused(tmp_path, arrays, complaint):
    """The error names the file."""
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(DataError, match=rf"other\.npz: .*{complaint}"):
        read_candidates(tmp_path / "other.npz")


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000])
def test_a_damaged_file_is_refused(tmp_path, content):
    """A file that is no archive of arrays is named."""
    (tmp_path / "cut.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"cut\.npz"):
        read_candidates(tmp_path / "cut.npz")


def test_the_candidates_of_several_files_are_one():
    """They keep their order, and what each shows."""
    both = joined([Candidates(CROPS, KINDS), Candidates(CROPS[:1], KINDS[1:2])])
    assert (both.crops == CROPS[[0, 1, 2, 0]]).all()
    assert both.is_face.tolist() == [True, False, True, False]
