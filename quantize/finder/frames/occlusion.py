"""Covers faces: whole faces, which then count as background, and parts of faces, which still count as faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from quantize.finder.data.faces import FloatArray, Gray
from quantize.finder.frames.pieces import PIECE_PX, Random

Point = npt.NDArray[np.floating[Any]]


def without_face(gray: Gray, shape: FloatArray, texture: Gray, rng: Random) -> Gray:
    """Hide the face of a head: behind hair, one gray level, or an object."""
    x, y, wide, tall = shape[:4]
    cover: Any = np.zeros((PIECE_PX, PIECE_PX), np.float32)
    cv2.ellipse(
        cover, (round(x + wide / 2), round(y + tall / 2)), (round(0.52 * wide), round(0.52 * tall)), 0, 0, 360, 1.0, -1
    )
    cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(1, 6))
    kind = rng.random()
    if kind < 0.4:
        level = float(gray[: PIECE_PX // 4].mean()) * rng.uniform(0.6, 1.2)
        fill = level + 0.25 * (texture.astype(np.float32) - float(texture.mean()))
    elif kind < 0.7:
        fill = np.full_like(cover, float(gray.mean()) * rng.uniform(0.5, 1.4))
        fill += np.linspace(-1, 1, PIECE_PX, dtype=np.float32) * rng.uniform(-40, 40)
    else:
        fill = texture.astype(np.float32)
    return np.asarray(np.clip(gray + cover * (fill - gray), 0, 255), np.uint8)


def partly_covered(gray: Gray, shape: FloatArray, texture: Gray, rng: Random) -> Gray:
    """Cover a part of the face: by a hat, glasses, a mask, a scarf, or an object at one side."""
    features = _Features.of(shape)
    cover: Any = np.zeros((PIECE_PX, PIECE_PX), np.float32)
    kind = rng.random()
    draw = next(draw for below, draw in _COVERS if kind < below)
    draw(cover, features, rng)
    cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.6, 2.0)) * np.float32(rng.uniform(0.75, 1.0))
    level = float(rng.uniform(0, 255)) if rng.random() < 0.6 else float(rng.uniform(0, 60))
    share = 0.0 if rng.random() < 0.4 else rng.uniform(0.2, 1.0)
    fill = level * (1 - share) + share * texture.astype(np.float32)
    return np.asarray(np.clip(gray + cover * (fill - gray), 0, 255), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Features:
    """Where eyes and mouth are, in pixels, and the directions of the face."""

    right_eye: Point
    left_eye: Point
    eyes: Point
    """The point midway between the eyes."""
    mouth: Point
    down: Point
    """The vector from the eyes to the mouth."""
    across: Point
    """The unit vector at a right angle to `down`, towards the right of the picture."""
    apart: float
    """The distance of the eyes; in a face that is turned far, a part of the face's height."""

    @classmethod
    def of(cls, shape: FloatArray) -> _Features:
        points = shape[4:14].reshape(5, 2)
        right_eye, left_eye, _, right_mouth, left_mouth = points
        eyes, mouth = (right_eye + left_eye) / 2, (right_mouth + left_mouth) / 2
        down = mouth - eyes
        apart = max(float(np.linalg.norm(left_eye - right_eye)), 0.6 * float(np.linalg.norm(down)), 10.0)
        across = np.array([-down[1], down[0]]) / max(float(np.linalg.norm(down)), 1.0)
        across = across if across[0] > 0 else -across
        return cls(right_eye, left_eye, eyes, mouth, down, across, apart)


def _hat(cover: FloatArray, face: _Features, rng: Random) -> None:
    """Cover all above the brows."""
    edge = face.eyes - face.down * rng.uniform(0.3, 0.6)
    far = 100 * face.across
    _fill(cover, [edge - far, edge + far, edge + far - 3 * face.down, edge - far - 3 * face.down])


def _glasses(cover: FloatArray, face: _Features, rng: Random) -> None:
    """Cover the eyes by dark glasses, or draw a frame around them."""
    dark = rng.random() < 0.6
    for eye in (face.right_eye, face.left_eye):
        axes = (
            max(3, round(face.apart * rng.uniform(0.34, 0.46))),
            max(3, round(face.apart * rng.uniform(0.22, 0.38))),
        )
        at = (round(float(eye[0])), round(float(eye[1])))
        cv2.ellipse(cover, at, axes, 0, 0, 360, 1.0, -1 if dark else int(rng.integers(2, 6)), cv2.LINE_AA)
    right, left = (eye.astype(int).tolist() for eye in (face.right_eye, face.left_eye))
    cv2.line(cover, right, left, 1.0 if not dark else 0.8, 3)


def _mask(cover: FloatArray, face: _Features, rng: Random) -> None:
    """Cover the face from the nose or from below the eyes down to the chin."""
    edge = face.eyes + face.down * rng.uniform(0.3, 0.8)
    side = 0.95 * face.apart * face.across
    chin = face.mouth + 0.8 * face.down
    _fill(cover, [edge - side, edge + side, edge + side + 0.6 * face.down, chin, edge - side + 0.6 * face.down])


def _scarf(cover: FloatArray, face: _Features, rng: Random) -> None:
    """Cover all below the mouth."""
    edge = face.eyes + face.down * rng.uniform(1.1, 1.4)
    far = 100 * face.across
    _fill(cover, [edge - far, edge + far, edge + far + 3 * face.down, edge - far + 3 * face.down])


def _object(cover: FloatArray, face: _Features, rng: Random) -> None:
    """Cover a part of one side, as a hand would."""
    side = face.across * face.apart * rng.choice((-1, 1)) * rng.uniform(0.7, 1.4)
    at = face.eyes + side + face.down * rng.uniform(-0.5, 1.5)
    axes = (max(3, round(face.apart * rng.uniform(0.3, 0.7))), max(3, round(face.apart * rng.uniform(0.3, 1.0))))
    cv2.ellipse(cover, tuple(int(v) for v in at), axes, rng.uniform(0, 180), 0, 360, 1.0, -1)


_COVERS = ((0.3, _hat), (0.55, _glasses), (0.75, _mask), (0.88, _scarf), (1.0, _object))
"""The cover that is drawn for a random number below each bound."""


def _fill(cover: FloatArray, outline: list[Point]) -> None:
    cv2.fillPoly(cover, [np.round(16 * np.array(outline)).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
