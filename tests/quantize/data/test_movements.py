"""Tests of the file of faces with known movements."""

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.data.movements import MovingFaces, read_moving_faces, write_moving_faces

FACES = MovingFaces(
    crops=np.arange(3 * 48 * 48).reshape(3, 48, 48).astype(np.uint8),
    shown=np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4),
    validation=np.array([True, False, False]),
    source=np.array([0, 0, 1], np.uint8),
)
ARRAYS = {"crops": FACES.crops, "shown": FACES.shown, "validation": FACES.validation, "source": FACES.source}


def test_what_was_written_is_read_again(tmp_path):
    """All four arrays are the same."""
    write_moving_faces(tmp_path / "made.npz", FACES)
    read = read_moving_faces(tmp_path / "made.npz")
    assert all((getattr(read, name) == each).all() for name, each in ARRAYS.items())


def test_some_of_the_faces_are_taken():
    """The arrays keep together what belongs to one face."""
    taken = FACES.take(np.array([False, False, True]))
    assert (taken.crops[0] == FACES.crops[2]).all()
    assert taken.shown.tolist() == [FACES.shown[2].tolist()]
    assert (taken.validation.tolist(), taken.source.tolist()) == ([False], [1])


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"shown": None}, "is not what `quantize movements label` writes"),
        ({"shown": FACES.shown[:, :3]}, "is damaged"),
        ({"shown": FACES.shown.astype(np.float64)}, "is damaged"),
        ({"shown": FACES.shown * 2}, "shares from 0 to 1"),
        ({"shown": FACES.shown * np.nan}, "shares from 0 to 1"),
        ({"validation": np.array([False] * 3)}, "faces of both parts"),
        ({"crops": FACES.crops[:2]}, "is damaged"),
        ({"crops": np.uint8(1)}, "is damaged"),
        ({"source": np.array(["a", "b", "c"], object)}, "is not what"),
    ],
)
def test_another_file_is_refused(tmp_path, changed, complaint):
    """The error names the file."""
    np.savez(tmp_path / "other.npz", **{name: each for name, each in (ARRAYS | changed).items() if each is not None})
    with pytest.raises(DataError, match=rf"other\.npz: .*{complaint}"):
        read_moving_faces(tmp_path / "other.npz")
