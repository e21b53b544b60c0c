"""Tests of packing the pictures that training may see."""

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.finder.data.faces import VALIDATION_FACES, VALIDATION_SCENES, is_validation, read_faces, read_scenes
from quantize.finder.data.packing import pack, unpack


def test_the_validation_part_is_not_packed(faces_folder, packed):
    """The packed file has all faces and scenes but those of the validation part."""
    faces = [each for each in read_faces(faces_folder) if each.shape is not None]
    scenes = read_scenes(faces_folder)
    seen = unpack(packed)
    assert len(seen.faces) == sum(not is_validation(each.name, VALIDATION_FACES) for each in faces)
    assert len(seen.scenes) == sum(not is_validation(each.name, VALIDATION_SCENES) for each in scenes)


def test_packing_keeps_pictures_and_shapes(faces_folder, packed):
    """Packed faces keep their size, and packed scenes keep the shapes of their faces."""
    seen = unpack(packed)
    assert seen.face_shapes.dtype == np.float32
    assert all(picture.shape == (144, 144) for picture in seen.faces)
    assert sorted(len(shapes) for shapes in seen.scene_shapes)[-1] == 1


def test_files_that_cannot_be_packed_or_unpacked_are_named(tmp_path, faces_folder):
    """A missing picture and a file that `pack` did not write are refused by name, and nothing is written."""
    with pytest.raises(DataError, match=r"nothing\.jpg: "):
        pack(faces_folder, [tmp_path / "nothing.jpg"], tmp_path / "out.npz")
    assert not (tmp_path / "out.npz").exists()
    (tmp_path / "bad.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"bad\.npz: is not a file that"):
        unpack(tmp_path / "bad.npz")
