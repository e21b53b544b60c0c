"""Reads labelled pictures: faces with a box and points, and scenes with all their faces or with none.

The folder holds `fairface/` with `fairface.csv`, and `scenes/` with `scenes.jsonl`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CameraError, DataError
from assistant.pictures.reading import read_gray as read_picture

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

LANDMARKS = ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")
SHAPE = ("x", "y", "width", "height", *(f"{name}_{axis}" for name in LANDMARKS for axis in "xy"))
"""The fourteen numbers of a face: its box, and its five points, in pixels of its picture."""

VALIDATION_FACES, VALIDATION_SCENES = 0.1, 0.25
"""Shares of the pictures that training never sees; the hash of a picture's name decides."""

MIN_SCORE = 0.7
"""The box and points of a face are used from this score of the detector that drew them; below it they may be wrong."""

SURELY_A_FACE = 0.85
"""A detection in a scene counts as a face from this score; animals and things are often among those below it."""


@dataclass(frozen=True, slots=True)
class Face:
    """A picture of one face, and what is known of the face; `shape` is float32 [14] as `SHAPE` says, or None."""

    name: str
    shape: FloatArray | None
    age: str
    sex: str
    group: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene; each row of `shapes`, float32 [N, 15], has a face's fourteen numbers and the score that it is a face."""

    name: str
    shapes: FloatArray


def is_validation(name: str, share: float) -> bool:
    """Return whether a picture belongs to the share that training never sees."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) < share * 2**32


def read_faces(folder: Path) -> list[Face]:
    """Read the rows of fairface.csv; a file that is missing raises DataError."""
    with _existing(folder / "fairface.csv").open(newline="", encoding="utf-8") as file:
        return [_face(row) for row in csv.DictReader(file)]


def _face(row: dict[str, str]) -> Face:
    known = bool(row["score"]) and float(row["score"]) >= MIN_SCORE
    shape = np.array([float(row[column]) for column in SHAPE], np.float32) if known else None
    return Face(row["image"], shape, row["age"], row["gender"], row["race"].replace("_Hispanic", ""))


def read_scenes(folder: Path) -> list[Scene]:
    """Read the lines of scenes.jsonl, corrected by `scene-labels.csv` beside this module.

    A file that is missing raises DataError.
    """
    labels, left_out = _scene_labels()
    with _existing(folder / "scenes.jsonl").open(encoding="utf-8") as file:
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
    """Return the label of each entry by scene and index, and the scenes with a face that no entry marks (m).

    An entry shows a human face (h), none (n), or the labeller was unsure (u).
    """
    with Path(__file__).with_name("scene-labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = {(row["image"], int(row["index"])): row["label"] for row in rows if row["label"] != "m"}
    return labels, {row["image"] for row in rows if row["label"] == "m"}


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise DataError(
            f"{path}: there is no such file; the folder must hold fairface.csv and scenes.jsonl with their pictures"
        )
    return path


def read_gray(path: Path) -> Gray:
    """Read a picture as gray, uint8 [height, width]; a file that is not a picture raises DataError."""
    try:
        return read_picture(path)
    except CameraError as error:
        raise DataError(str(error)) from error
