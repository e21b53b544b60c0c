"""Reading faces and scenes, and packing those that training may see."""

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.finder.data.faces import VALIDATION_FACES, VALIDATION_SCENES, is_validation, read_faces, read_scenes
from quantize.finder.data.packing import pack, unpack


def test_a_face_without_a_box_is_kept_without_shape(faces_folder):
    """It is measured on, but nothing is learned from it."""
    first, *others = read_faces(faces_folder)
    assert first.shape is None
    assert all(each.shape is not None and each.shape.shape == (14,) for each in others)
    assert {each.group for each in others} == {"A", "B"}


def test_what_training_sees_and_what_validates_are_apart(faces_folder, packed):
    """The share that validates is cut by name, always the same."""
    faces = [each for each in read_faces(faces_folder) if each.shape is not None]
    scenes = read_scenes(faces_folder)
    seen = unpack(packed)
    assert len(seen.faces) == sum(not is_validation(each.name, VALIDATION_FACES) for each in faces)
    assert len(seen.scenes) == sum(not is_validation(each.name, VALIDATION_SCENES) for each in scenes)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 1.0])
def test_the_share_that_validates(share):
    """Of many names about so many, none of them at 0, all at 1."""
    cut = np.mean([is_validation(f"{number}.jpg", share) for number in range(4000)])
    assert abs(cut - share) < 0.03
    assert cut == share or 0 < share < 1


def test_packing_keeps_pictures_and_shapes(faces_folder, packed):
    """Compressed, so a little changed; shapes to the bit."""
    seen = unpack(packed)
    assert seen.face_shapes.dtype == np.float32
    assert all(picture.shape == (144, 144) for picture in seen.faces)
    assert sorted(len(shapes) for shapes in seen.scene_shapes)[-1] == 1


def test_what_is_missing_is_named(tmp_path, faces_folder):
    """The folder's tables, its pictures, and a file that is no pack."""
    with pytest.raises(DataError, match=r"fairface\.csv: there is no such file"):
        read_faces(tmp_path)
    with pytest.raises(DataError, match=r"nothing\.jpg: cannot be read"):
        pack(faces_folder, [tmp_path / "nothing.jpg"], tmp_path / "out.npz")
    assert not (tmp_path / "out.npz").exists()
    (tmp_path / "bad.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"bad\.npz: is not a file that"):
        unpack(tmp_path / "bad.npz")
