"""Composes frames of the pictures that training never sees: faces in scenes without people, and such scenes alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from assistant.face.pose import head_pose
from quantize.finder.data.faces import (
    LANDMARKS,
    VALIDATION_FACES,
    VALIDATION_SCENES,
    Face,
    FloatArray,
    Gray,
    is_validation,
    read_faces,
    read_gray,
    read_scenes,
)

Hit = TypeVar("Hit", bound=float)

FRAME = (640, 480)
"""Width and height of the headset's frames, in pixels."""

USUAL_SHAPE = np.array([14, -20, 115, 165], np.float32)
"""The box of most faces in their pictures of 144 pixels; it stands in for a box that is not known."""

RIM_PX = 14
"""A face's picture fades into the scene over this many pixels."""

NOISE = 2.0
"""The standard deviation of the noise, in gray levels, as a small camera's sensor has it."""

SAME_FACE = 0.6
"""A detection belongs to a face if its middle is nearer to the face's middle than this share of the face's width."""


@dataclass(frozen=True, slots=True)
class ValidationFrame:
    """A frame, uint8 [480, 640], and the face in it: the middle and the width of its box, and its five points."""

    frame: Gray
    middle: tuple[float, float]
    width_px: float
    points: FloatArray | None
    """The five points, float32 [5, 2], or None where they are not known."""

    def is_found_at(self, place: tuple[float, float]) -> bool:
        """Return whether a detection whose middle is `place` belongs to this face."""
        return bool(np.hypot(place[0] - self.middle[0], place[1] - self.middle[1]) < SAME_FACE * self.width_px)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """How a face is shown: the width of its box, its lean to either side, and the light."""

    width_px: float
    lean_deg: float
    light: float


class Validation:
    """The faces and scenes of a folder that training never sees."""

    def __init__(self, folder: Path) -> None:
        """Read the folder of labelled pictures; a file that is missing or damaged raises DataError."""
        self._folder = folder
        self.faces = [each for each in read_faces(folder) if is_validation(each.name, VALIDATION_FACES)]
        scenes = [each for each in read_scenes(folder) if is_validation(each.name, VALIDATION_SCENES)]
        self.empty = [read_gray(folder / "scenes" / each.name) for each in scenes if not len(each.shapes)]
        """The scenes without people, gray, uint8 [height, width] of different sizes."""

    def picture(self, face: Face) -> Gray:
        """Return a face's own picture, uint8 [144, 144]."""
        return read_gray(self._folder / "fairface" / face.name)

    def frames(
        self, faces: Sequence[Face], seed: int, *, width_px: float = 60, lean_deg: float = 0, light: float = 1.0
    ) -> Iterator[ValidationFrame]:
        """Yield each face at a place in a scene without people; `seed` decides the places and the sides of the lean."""
        rng = np.random.default_rng(seed)
        for face in faces:
            scene = self.empty[rng.integers(len(self.empty))]
            yield _composed(self.picture(face), face.shape, scene, _Conditions(width_px, lean_deg, light), rng)

    def crops(self, seed: int) -> Iterator[Gray]:
        """Yield two parts of each scene without people; `seed` decides which."""
        rng = np.random.default_rng(seed)
        for scene in self.empty:
            for _ in range(2):
                tall, wide = (int(side * rng.uniform(0.4, 0.9)) for side in scene.shape)
                top, left = (
                    int(rng.integers(0, own - part + 1)) for own, part in zip(scene.shape, (tall, wide), strict=True)
                )
                yield scene[top : top + tall, left : left + wide]


def _composed(
    picture: Gray, known: FloatArray | None, scene: Gray, conditions: _Conditions, rng: np.random.Generator
) -> ValidationFrame:
    """Put the face's picture with a soft rim at a drawn place into the scene; add light and a sensor's noise."""
    shape = USUAL_SHAPE if known is None else known
    by = conditions.width_px / float(shape[2])
    matrix = _matrix(picture.shape[0], by, conditions, rng)
    small = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / by), np.uint8) if by < 0.75 else picture
    background = _background(scene)
    cover = cv2.warpAffine(_mask(picture.shape[0]), matrix, FRAME)
    frame = background + cover * (cv2.warpAffine(small, matrix, FRAME) - background)
    noisy = frame * conditions.light + rng.normal(0, NOISE, frame.shape)
    middle = matrix[:, :2] @ (shape[:2] + shape[2:4] / 2) + matrix[:, 2]
    points = None if known is None else (known[4:].reshape(-1, 2) @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    gray = np.clip(np.round(noisy), 0, 255).astype(np.uint8)
    return ValidationFrame(gray, (float(middle[0]), float(middle[1])), conditions.width_px, points)


def _background(scene: Gray) -> FloatArray:
    scale = max(FRAME[0] / scene.shape[1], FRAME[1] / scene.shape[0])
    return cv2.resize(scene, None, fx=scale, fy=scale)[: FRAME[1], : FRAME[0]].astype(np.float32)


def _matrix(side: int, by: float, conditions: _Conditions, rng: np.random.Generator) -> Any:
    """Return the matrix [2, 3] that scales and turns the picture and moves it to a drawn place in the frame."""
    lean = float(rng.choice((-conditions.lean_deg, conditions.lean_deg)))
    matrix: Any = cv2.getRotationMatrix2D((side / 2, side / 2), -lean, by)
    spare = min(conditions.width_px, FRAME[1] / 2 - 1)
    matrix[:, 2] += [rng.uniform(spare, room - spare) - side / 2 for room in FRAME]
    return matrix


def _mask(side: int) -> FloatArray:
    steps = np.minimum(np.arange(side), np.arange(side)[::-1]) / RIM_PX
    return np.minimum(np.minimum.outer(steps, steps), 1).astype(np.float32)


def yaw_deg(face: Face) -> float | None:
    """Return how far the head is turned to either side, from the face's points; None where they are not known."""
    if face.shape is None:
        return None
    return abs(head_pose(face.shape[4:].reshape(len(LANDMARKS), 2)).yaw_deg)


def turned(faces: Sequence[Face], least_deg: float, most_deg: float) -> list[Face]:
    """Return the faces that are turned to either side by an angle in this range."""
    with_yaw = [(face, yaw_deg(face)) for face in faces]
    return [face for face, yaw in with_yaw if yaw is not None and least_deg <= yaw < most_deg]


def share(hits: Sequence[float]) -> tuple[float, float, float]:
    """Return the share of hits, and the low and high end of its 95% interval (E. Wilson, 1927).

    A value is a hit (1), a miss (0), or the share of hits in several tries with one person. With such shares, the
    interval is wider than it has to be.
    """
    count = max(len(hits), 1)
    mean, z = sum(hits) / count, 1.96
    middle = (mean + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(mean * (1 - mean) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return mean, max(0.0, middle - float(half)), min(1.0, middle + float(half))


def by(faces: Sequence[Face], key: Callable[[Face], str], hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """Return the hits of each kind of face, by the name that `key` gives to the kind."""
    table: dict[str, list[Hit]] = {}
    for face, hit in zip(faces, hits, strict=True):
        table.setdefault(key(face), []).append(hit)
    return dict(sorted(table.items()))
