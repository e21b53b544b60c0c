"""The faces of FairFace with their five points, and the poses that `head_pose` gives for points."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.face.pose import head_pose

Array = npt.NDArray[np.float64]

SURE_SCORE = 0.8
POINTS = ("right_eye", "left_eye", "nose", "mouth_right", "mouth_left")


@dataclass(frozen=True)
class FacePoints:
    """The rows of a table of faces, their points [N, 5, 2] and their boxes [N, 4] in pixels."""

    rows: list[dict[str, str]]
    points: Array
    boxes: Array


def read_face_points(folder: Path) -> FacePoints:
    """Read `fairface.csv`, without the rows whose face has no score or one of `SURE_SCORE` or less."""
    with (folder / "fairface.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["score"] and float(row["score"]) > SURE_SCORE]
    points = [[[float(row[f"{name}_{axis}"]) for axis in "xy"] for name in POINTS] for row in rows]
    boxes = [[float(row[side]) for side in ("x", "y", "width", "height")] for row in rows]
    return FacePoints(rows, np.array(points), np.array(boxes))


def poses_of(points: Array) -> Array:
    """Return yaw, pitch and roll [N, 3] in degrees, as `head_pose` estimates them from points [N, 5, 2]."""
    poses = [head_pose(face) for face in points.astype(np.float32)]
    return np.array([(pose.yaw_deg, pose.pitch_deg, pose.roll_deg) for pose in poses])
