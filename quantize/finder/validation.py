"""Frames of the part that training never sees: faces in scenes without people, and these scenes as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.pose import head_pose
from quantize.finder.faces import (
    LANDMARKS,
    VALIDATION_FACES,
    VALIDATION_SCENES,
    Face,
    is_validation,
    read_faces,
    read_gray,
    read_scenes,
)

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

FRAME = (640, 480)
"""Width and height of the headset's frames."""

USUAL_SHAPE = np.array([14, -20, 115, 165], np.float32)
"""Box of most faces in their pictures of 144 pixels, for those whose own is not known."""

RIM_PX = 14
"""Over so many pixels a face's picture fades into the scene."""

NOISE = 2.0
"""Gray levels, as a small camera's sensor has it."""

SAME_FACE = 0.6
"""Of the face's width: a detection whose middle lies so near is of that face."""


@dataclass(frozen=True, slots=True)
class Made:
    """A frame, uint8 [480, 640], and where the face is in it: middle and width of its box, and its five points."""

    frame: Gray
    middle: tuple[float, float]
    width_px: float
    points: FloatArray | None
    """float32 [5, 2]; None where they are not known."""

    def is_found_at(self, place: tuple[float, float]) -> bool:
        """Whether a detection whose middle lies there is of this face."""
        return bool(np.hypot(place[0] - self.middle[0], place[1] - self.middle[1]) < SAME_FACE * self.width_px)


class Validation:
    """Faces and scenes of `faces/` that training never sees."""

    def __init__(self, folder: Path) -> None:
        """DataError when the folder is not what it should be."""
        self._folder = folder
        self.faces = [each for each in read_faces(folder) if is_validation(each.name, VALIDATION_FACES)]
        scenes = [each for each in read_scenes(folder) if is_validation(each.name, VALIDATION_SCENES)]
        self.empty = [read_gray(folder / "scenes" / each.name) for each in scenes if not len(each.shapes)]
        """Scenes without people, gray, uint8 [height, width] of different sizes."""

    def picture(self, face: Face) -> Gray:
        """A face's own picture, uint8 [144, 144]."""
        return read_gray(self._folder / "fairface" / face.name)

    def frames(
        self, faces: Sequence[Face], seed: int, *, width_px: float = 60, lean_deg: float = 0, light: float = 1.0
    ) -> Iterator[Made]:
        """Each face somewhere in a scene without people, its box so wide; leaning to either side, drawn by seed."""
        rng = np.random.default_rng(seed)
        for face in faces:
            scene = self.empty[rng.integers(len(self.empty))]
            yield made(self.picture(face), face.shape, scene, rng, width_px, lean_deg, light)

    def crops(self, seed: int) -> Iterator[Gray]:
        """Two parts of each scene without people, drawn by seed."""
        rng = np.random.default_rng(seed)
        for scene in self.empty:
            for _ in range(2):
                tall, wide = (int(side * rng.uniform(0.4, 0.9)) for side in scene.shape)
                top, left = (
                    int(rng.integers(0, own - part + 1)) for own, part in zip(scene.shape, (tall, wide), strict=True)
                )
                yield scene[top : top + tall, left : left + wide]


def made(  # noqa: PLR0913, PLR0917 - a frame has so many sides
    picture: Gray,
    known: FloatArray | None,
    scene: Gray,
    rng: np.random.Generator,
    width_px: float,
    lean_deg: float,
    light: float,
) -> Made:
    """The face's picture with a soft rim in the scene, at a drawn place; then its light and a sensor's noise."""
    shape = USUAL_SHAPE if known is None else known
    scale = max(FRAME[0] / scene.shape[1], FRAME[1] / scene.shape[0])
    background = cv2.resize(scene, None, fx=scale, fy=scale)[: FRAME[1], : FRAME[0]].astype(np.float32)
    by = width_px / float(shape[2])
    side = picture.shape[0]
    lean = float(rng.choice((-lean_deg, lean_deg)))
    matrix = np.asarray(cv2.getRotationMatrix2D((side / 2, side / 2), -lean, by))
    spare = min(width_px, FRAME[1] / 2 - 1)
    matrix[:, 2] += [rng.uniform(spare, room - spare) - side / 2 for room in FRAME]
    steps = np.minimum(np.arange(side), np.arange(side)[::-1]) / RIM_PX
    mask = np.minimum(np.minimum.outer(steps, steps), 1).astype(np.float32)
    small = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / by), np.uint8) if by < 0.75 else picture
    cover = cv2.warpAffine(mask, matrix, FRAME)
    frame = background + cover * (cv2.warpAffine(small, matrix, FRAME) - background)
    seen = frame * light + rng.normal(0, NOISE, frame.shape)
    middle = matrix[:, :2] @ (shape[:2] + shape[2:4] / 2) + matrix[:, 2]
    points = None if known is None else (known[4:].reshape(-1, 2) @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    frame_seen = np.clip(np.round(seen), 0, 255).astype(np.uint8)
    return Made(frame_seen, (float(middle[0]), float(middle[1])), width_px, points)


def yaw_deg(face: Face) -> float | None:
    """How far the head is turned to either side, by its points; None where they are not known."""
    if face.shape is None:
        return None
    return abs(head_pose(face.shape[4:].reshape(len(LANDMARKS), 2)).yaw_deg)


def turned(faces: Sequence[Face], least_deg: float, most_deg: float) -> list[Face]:
    """Those whose heads are turned by so much to either side."""
    with_yaw = [(face, yaw_deg(face)) for face in faces]
    return [face for face, yaw in with_yaw if yaw is not None and least_deg <= yaw < most_deg]


def share(hits: Sequence[bool]) -> tuple[float, float, float]:
    """The share of those that hit, and its interval at 95% (E. Wilson, 1927)."""
    count = max(len(hits), 1)
    mean, z = sum(hits) / count, 1.96
    middle = (mean + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(mean * (1 - mean) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return mean, max(0.0, middle - float(half)), min(1.0, middle + float(half))


def by(faces: Sequence[Face], key: Callable[[Face], str], hits: Sequence[bool]) -> dict[str, list[bool]]:
    """The hits of each kind of face, by the name of the kind."""
    table: dict[str, list[bool]] = {}
    for face, hit in zip(faces, hits, strict=True):
        table.setdefault(key(face), []).append(hit)
    return dict(sorted(table.items()))
