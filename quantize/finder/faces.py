"""The pictures that the finder learns from: faces with box and points, and scenes with all their faces or none.

A folder `faces/` holds `fairface/` with `fairface.csv` and `scenes/` with `scenes.jsonl`; `pack` makes one small file
of it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import CameraError, DataError
from assistant.files import replaced_atomically
from assistant.pictures.reading import read_gray as read_picture

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

LANDMARKS = ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")
SHAPE = ("x", "y", "width", "height", *(f"{name}_{axis}" for name in LANDMARKS for axis in "xy"))

VALIDATION_FACES, VALIDATION_SCENES = 0.1, 0.25
"""Shares that training never sees, cut by the hash of the picture's name."""

LEAST_SCORE = 0.7
"""Of the detector that drew the boxes; a face that it was less sure of may have a wrong box."""

SURELY_A_FACE = 0.85
"""The same in scenes, where below this animals and things are often among them."""

WEBP_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Face:
    """A face picture and what is known of it; `shape` is float32 [14]: x, y, width, height, five points, or None."""

    name: str
    shape: FloatArray | None
    age: str
    sex: str
    group: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene; a row of `shapes`, float32 [N, 15], is a face's fourteen numbers and the score that it is one."""

    name: str
    shapes: FloatArray


def is_validation(name: str, share: float) -> bool:
    """Whether a picture belongs to the part that training never sees."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) < share * 2**32


def read_faces(folder: Path) -> list[Face]:
    """The rows of fairface.csv."""
    with _table(folder / "fairface.csv").open(newline="", encoding="utf-8") as file:
        return [_face(row) for row in csv.DictReader(file)]


def _face(row: dict[str, str]) -> Face:
    known = bool(row["score"]) and float(row["score"]) >= LEAST_SCORE
    shape = np.array([float(row[column]) for column in SHAPE], np.float32) if known else None
    return Face(row["image"], shape, row["age"], row["gender"], row["race"].replace("_Hispanic", ""))


def read_scenes(folder: Path) -> list[Scene]:
    """The lines of scenes.jsonl, as `scene-labels.csv` beside this module corrects them."""
    labels, left_out = _scene_labels()
    with _table(folder / "scenes.jsonl").open(encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    return [_scene(entry, labels) for entry in entries if entry["image"] not in left_out]


def _scene(entry: dict[str, Any], labels: dict[tuple[str, int], str]) -> Scene:
    shapes = np.array(entry["faces"], np.float32).reshape(-1, 15)
    for index, shape in enumerate(shapes):
        score = {"h": 1.0, "n": 0.0, "u": 0.5}.get(labels.get((entry["image"], index), ""))
        if score is not None:
            shape[14] = score
    return Scene(entry["image"], shapes[shapes[:, 14] > 0])


def _scene_labels() -> tuple[dict[tuple[str, int], str], set[str]]:
    """What each entry shows: a human face (h), none (n), unsure (u); and the scenes with faces that no entry marks."""
    with Path(__file__).with_name("scene-labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = {(row["image"], int(row["index"])): row["label"] for row in rows if row["label"] != "m"}
    return labels, {row["image"] for row in rows if row["label"] == "m"}


def _table(path: Path) -> Path:
    if not path.is_file():
        raise DataError(
            f"{path}: there is no such file; `faces/` holds fairface.csv and scenes.jsonl with their pictures"
        )
    return path


def read_gray(path: Path) -> Gray:
    """A picture as gray, uint8 [height, width]; DataError when it is none."""
    try:
        return read_picture(path)
    except CameraError as error:
        raise DataError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Packed:
    """All pictures of one part, decoded: what frames are made of."""

    faces: Sequence[Gray]
    face_shapes: FloatArray
    """float32 [N, 14]."""
    scenes: Sequence[Gray]
    scene_shapes: Sequence[FloatArray]
    """float32 [N, 15] each."""


def pack(folder: Path, extra: Sequence[Path], out: Path) -> dict[str, int]:
    """Write the training part as one file of gray pictures (.npz); returns how many of each there are.

    `extra` are further pictures without people.
    """
    faces = [face for face in read_faces(folder) if face.shape is not None]
    faces = [face for face in faces if not is_validation(face.name, VALIDATION_FACES)]
    scenes = [scene for scene in read_scenes(folder) if not is_validation(scene.name, VALIDATION_SCENES)]
    pictures = [read_gray(folder / "fairface" / face.name) for face in faces]
    views = [read_gray(folder / "scenes" / scene.name) for scene in scenes]
    more = [_at_most(read_gray(path), 480) for path in extra]
    shapes = [scene.shapes for scene in scenes] + [np.zeros((0, 15), np.float32)] * len(more)
    stored = [_encoded(picture) for picture in (*pictures, *views, *more)]
    with replaced_atomically(out) as unfinished, unfinished.open("wb") as file:
        np.savez(
            file,
            bytes=np.concatenate(stored),
            ends=np.cumsum([len(each) for each in stored]),
            face_shapes=np.stack([face.shape for face in faces if face.shape is not None]),
            scene_shapes=np.concatenate(shapes),
            scene_ends=np.cumsum([len(each) for each in shapes]),
        )
    return {"faces": len(faces), "scenes": len(scenes), "extra": len(more)}


def unpack(path: Path) -> Packed:
    """Read what `pack` wrote; DataError when it is something else."""
    try:
        with np.load(path) as stored:
            content = {name: stored[name] for name in ("bytes", "ends", "face_shapes", "scene_shapes", "scene_ends")}
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: is no file that `quantize finder pack` wrote: {error}") from error
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


def _encoded(picture: Gray) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])[1].ravel(), np.uint8)


def _decoded(content: npt.NDArray[np.uint8]) -> Gray:
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)
