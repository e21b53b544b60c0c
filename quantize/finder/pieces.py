"""What is pasted into frames besides faces as they are: covered faces, drawn ones, and things that are none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.drawn.action_units import ActionUnits
from assistant.camera.drivers.drawn.face import SIZE_PX, Looks, draw_face

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]
Random = np.random.Generator

PIECE_PX = 144
"""Side of what is pasted, before it is scaled."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to be pasted: gray, uint8 [144, 144], its mask float32 of the same shape, fourteen numbers of a face."""

    gray: Gray
    mask: FloatArray
    shape: FloatArray | None


def drawn_mask(rng: Random) -> FloatArray:
    """How much of a piece is seen, float32 [144, 144]: all, an ellipse or a blob, with a hard or a soft rim."""
    mask = np.zeros((PIECE_PX, PIECE_PX), np.float32)
    kind, rim = rng.random(), rng.uniform(0, 7)
    if kind < 0.35:
        left, top, right, bottom = (int(each) for each in rng.uniform(0, 16, 4))
        cv2.rectangle(mask, (left, top), (PIECE_PX - 1 - right, PIECE_PX - 1 - bottom), 1.0, -1)
        if rng.random() < 0.3:
            return mask
    else:
        angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        across, down = rng.uniform(48, 66), rng.uniform(56, 70)
        bumps = 1 + (rng.uniform(0, 0.1) * np.sin(rng.integers(2, 6) * angles + rng.uniform(0, 6)) if kind > 0.7 else 0)
        outline = np.stack([72 + across * bumps * np.cos(angles), 68 + down * bumps * np.sin(angles)], axis=1)
        cv2.fillPoly(mask, [np.round(16 * outline).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), rim), np.float32) if rim > 0.5 else mask


def drawn_patch(rng: Random) -> Patch:
    """A face as the simulated camera draws them, with its own outline as mask."""
    units = ActionUnits(**{name: float(rng.uniform(0, 1) * (rng.random() < 0.3)) for name in ActionUnits.__slots__})
    looks = Looks(float(rng.uniform(60, 200)), float(rng.uniform(30, 150)), float(rng.uniform(0.85, 1.05)))
    gray, cover = draw_face(units, looks)
    by = PIECE_PX / SIZE_PX
    half = 27 + 12 * units.lip_corner_puller + 9 * units.lip_stretcher - 7 * units.jaw_drop - 2 * units.lip_tightener
    corner = 191 - 12 * units.lip_corner_puller + 9 * units.lip_corner_depressor + 3 * units.jaw_drop
    box = (128 - 70, 42, 140, 190)
    points = (92, 114, 164, 114, 128, 163, 128 - half, corner, 128 + half, corner)
    small = [cv2.resize(each, (PIECE_PX, PIECE_PX), interpolation=cv2.INTER_AREA) for each in (gray, cover)]
    return Patch(
        np.clip(small[0], 0, 255).astype(np.uint8),
        np.asarray(small[1], np.float32),
        np.array((*box, *points), np.float32) * np.float32(by),
    )


def shuffled(gray: Gray, rng: Random) -> Gray:
    """The tiles of a face in another order: skin and hair, and no face."""
    tiles = int(rng.integers(3, 6))
    side = PIECE_PX // tiles
    cut = [gray[i * side : (i + 1) * side, j * side : (j + 1) * side] for i in range(tiles) for j in range(tiles)]
    order = rng.permutation(len(cut))
    rows = [np.hstack([cut[order[i * tiles + j]] for j in range(tiles)]) for i in range(tiles)]
    return np.asarray(cv2.resize(np.vstack(rows), (PIECE_PX, PIECE_PX)), np.uint8)


def face_part(gray: Gray, shape: FloatArray, rng: Random) -> Gray:
    """A corner of a face picture, enlarged, in which at most two of the five points lie."""
    points = shape[4:14].reshape(5, 2)
    for _ in range(10):
        wide, tall = (int(each) for each in rng.integers(36, 90, 2))
        left, top = int(rng.integers(0, PIECE_PX - wide)), int(rng.integers(0, PIECE_PX - tall))
        inside = (points >= (left, top)).all(axis=1) & (points < (left + wide, top + tall)).all(axis=1)
        if inside.sum() <= 2:
            return np.asarray(cv2.resize(gray[top : top + tall, left : left + wide], (PIECE_PX, PIECE_PX)), np.uint8)
    return shuffled(gray, rng)


def without_face(gray: Gray, shape: FloatArray, texture: Gray, rng: Random) -> Gray:
    """A head whose face is hidden: by hair, by one gray or by something held before it."""
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
    """The face with a hat, glasses, a mask below the nose, a scarf, or a hand or thing at its side."""
    points = shape[4:14].reshape(5, 2)
    right_eye, left_eye, _, right_mouth, left_mouth = points
    eyes, mouth = (right_eye + left_eye) / 2, (right_mouth + left_mouth) / 2
    down = mouth - eyes
    apart = max(float(np.linalg.norm(left_eye - right_eye)), 0.6 * float(np.linalg.norm(down)), 10.0)
    across = np.array([-down[1], down[0]]) / max(float(np.linalg.norm(down)), 1.0)
    across = across if across[0] > 0 else -across
    cover = np.zeros((PIECE_PX, PIECE_PX), np.float32)
    kind = rng.random()
    if kind < 0.3:  # a hat or a scarf above the brows
        edge = eyes - down * rng.uniform(0.3, 0.6)
        far = 100 * across
        _fill(cover, [edge - far, edge + far, edge + far - 3 * down, edge - far - 3 * down])
    elif kind < 0.55:  # glasses, dark or as a frame
        dark = rng.random() < 0.6
        for eye in (right_eye, left_eye):
            axes = (max(3, round(apart * rng.uniform(0.34, 0.46))), max(3, round(apart * rng.uniform(0.22, 0.38))))
            at = (round(float(eye[0])), round(float(eye[1])))
            cv2.ellipse(cover, at, axes, 0, 0, 360, 1.0, -1 if dark else int(rng.integers(2, 6)), cv2.LINE_AA)
        cv2.line(cover, right_eye.astype(int).tolist(), left_eye.astype(int).tolist(), 1.0 if not dark else 0.8, 3)
    elif kind < 0.75:  # a mask below the nose, or below the eyes
        edge = eyes + down * rng.uniform(0.3, 0.8)
        side = 0.95 * apart * across
        _fill(cover, [edge - side, edge + side, edge + side + 0.6 * down, mouth + 0.8 * down, edge - side + 0.6 * down])
    elif kind < 0.88:  # a scarf around chin and sides
        edge = eyes + down * rng.uniform(1.1, 1.4)
        far = 100 * across
        _fill(cover, [edge - far, edge + far, edge + far + 3 * down, edge - far + 3 * down])
    else:  # a thing at one side
        at = eyes + across * apart * rng.choice((-1, 1)) * rng.uniform(0.7, 1.4) + down * rng.uniform(-0.5, 1.5)
        axes = (max(3, round(apart * rng.uniform(0.3, 0.7))), max(3, round(apart * rng.uniform(0.3, 1.0))))
        cv2.ellipse(cover, tuple(int(v) for v in at), axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
    cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.6, 2.0)) * np.float32(rng.uniform(0.75, 1.0))
    level = float(rng.uniform(0, 255)) if rng.random() < 0.6 else float(rng.uniform(0, 60))
    share = 0.0 if rng.random() < 0.4 else rng.uniform(0.2, 1.0)
    fill = level * (1 - share) + share * texture.astype(np.float32)
    return np.clip(gray + cover * (fill - gray), 0, 255).astype(np.uint8)


def _fill(cover: FloatArray, outline: list[npt.NDArray[np.float64]]) -> None:
    cv2.fillPoly(cover, [np.round(16 * np.array(outline)).astype(np.int32)], 1.0, cv2.LINE_AA, 4)


def varied(scene: Gray, other: Gray, rng: Random) -> Gray:
    """A scene without people, half of the time on its side or stretched; now and then `other` is joined to it."""
    if rng.random() < 0.5:
        scene = np.rot90(scene, int(rng.integers(1, 4)))
    if rng.random() < 0.5:
        stretch = math.exp(rng.uniform(-0.35, 0.35))
        scene = np.asarray(cv2.resize(scene, None, fx=stretch, fy=1 / stretch, interpolation=cv2.INTER_AREA))
    kind = rng.random()
    if kind < 0.3:
        other = np.asarray(cv2.resize(other, scene.shape[::-1], interpolation=cv2.INTER_AREA))
        if kind < 0.15:
            share = rng.uniform(0.3, 0.7)
            return np.asarray(cv2.addWeighted(scene, share, other, 1 - share, 0), np.uint8)
        border = int(scene.shape[1] * rng.uniform(0.25, 0.75))
        return np.concatenate([scene[:, :border], other[:, border:]], axis=1)
    return 255 - scene if kind < 0.4 else np.ascontiguousarray(scene)
