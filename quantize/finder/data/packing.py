"""Packs all that a training of the finder needs into one folder, for a machine without this project and its data."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from assistant.errors import ConfigError, DataError
from assistant.files import replaced_atomically
from quantize.finder.data.faces import (
    VALIDATION_FACES,
    VALIDATION_SCENES,
    FloatArray,
    Gray,
    is_validation,
    read_faces,
    read_gray,
    read_scenes,
)

DATA = "finder-data.npz"
"""The name of the file with the pictures, in the folder that `pack_folder` makes."""

ROOT = Path(__file__).parents[3]
WEBP_QUALITY = 85
LONGEST_EXTRA_PX = 480
"""A further picture without people is made smaller until its longer side has at most this many pixels."""


@dataclass(frozen=True, slots=True)
class Packed:
    """All pictures that training may see, decoded."""

    faces: Sequence[Gray]
    face_shapes: FloatArray
    """The fourteen numbers of each face, float32 [N, 14]."""
    scenes: Sequence[Gray]
    scene_shapes: Sequence[FloatArray]
    """For each scene its faces, float32 [N, 15]: fourteen numbers and the score that it is a face."""


def packed_file(folder: Path) -> Path:
    """Return the file of pictures in a folder that `pack_folder` made; another folder raises DataError."""
    if not (folder / DATA).is_file():
        raise DataError(f"{folder}: is not a folder that `quantize finder pack` made; it has no {DATA}")
    return folder / DATA


def pack_folder(faces: Path, extra: Sequence[Path], out: Path) -> dict[str, int]:
    """Write the pictures and this program's code into the folder `out`.

    Returns the numbers of faces and scenes, and the size in megabytes. A folder that exists and that this function did
    not make raises ConfigError.
    """
    if out.exists() and not (out / DATA).is_file():
        raise ConfigError(f"{out}: exists already, and `quantize finder pack` did not make it; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    counts = pack(faces, extra, out / DATA)
    for package in ("assistant", "quantize"):
        shutil.rmtree(out / package, ignore_errors=True)
        shutil.copytree(
            ROOT / package, out / package, ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
        )
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return counts | {"megabytes": round(size / 1e6)}


def pack(folder: Path, extra: Sequence[Path], out: Path) -> dict[str, int]:
    """Write the training part of the labelled pictures as one file of gray pictures (.npz).

    `extra` are further pictures without people. Returns how many pictures there are of each kind.
    """
    faces = [face for face in read_faces(folder) if face.shape is not None]
    faces = [face for face in faces if not is_validation(face.name, VALIDATION_FACES)]
    scenes = [scene for scene in read_scenes(folder) if not is_validation(scene.name, VALIDATION_SCENES)]
    face_pictures = [read_gray(folder / "fairface" / face.name) for face in faces]
    scene_pictures = [read_gray(folder / "scenes" / scene.name) for scene in scenes]
    extra_pictures = [_at_most(read_gray(path), LONGEST_EXTRA_PX) for path in extra]
    _write(
        out,
        [*face_pictures, *scene_pictures, *extra_pictures],
        np.stack([face.shape for face in faces if face.shape is not None]),
        [scene.shapes for scene in scenes] + [np.zeros((0, 15), np.float32)] * len(extra_pictures),
    )
    return {"faces": len(faces), "scenes": len(scenes), "extra": len(extra_pictures)}


def _write(out: Path, pictures: Sequence[Gray], face_shapes: FloatArray, scene_shapes: Sequence[FloatArray]) -> None:
    encoded = [_encoded(picture) for picture in pictures]
    with replaced_atomically(out) as unfinished, unfinished.open("wb") as file:
        np.savez(
            file,
            bytes=np.concatenate(encoded),
            ends=np.cumsum([len(each) for each in encoded]),
            face_shapes=face_shapes,
            scene_shapes=np.concatenate(scene_shapes),
            scene_ends=np.cumsum([len(each) for each in scene_shapes]),
        )


def unpack(path: Path) -> Packed:
    """Read what `pack` wrote; another file raises DataError."""
    try:
        with np.load(path) as stored:
            content = {name: stored[name] for name in ("bytes", "ends", "face_shapes", "scene_shapes", "scene_ends")}
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: is not a file that `quantize finder pack` wrote: {error}") from error
    pictures = [_decoded(each) for each in np.split(content["bytes"], content["ends"][:-1])]
    count = len(content["face_shapes"])
    return Packed(
        pictures[:count],
        content["face_shapes"],
        pictures[count:],
        np.split(content["scene_shapes"], content["scene_ends"][:-1]),
    )


def _at_most(picture: Gray, longest_px: int) -> Gray:
    factor = longest_px / max(picture.shape)
    if factor >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _encoded(picture: Gray) -> Gray:
    return np.asarray(cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])[1].ravel(), np.uint8)


def _decoded(content: Gray) -> Gray:
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)
