"""What is pasted into a frame: masks, drawn faces, and pictures made of faces that no longer show a face."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from assistant.camera.drivers.drawn.action_units import ActionUnits
from assistant.camera.drivers.drawn.face import SIZE_PX, Looks, draw_face
from quantize.finder.data.faces import FloatArray, Gray

Random = np.random.Generator

PIECE_PX = 144
"""The side of a picture that is pasted, before it is scaled."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A picture to paste, uint8 [144, 144], its mask, float32 of the same shape, and the fourteen numbers of its face.

    `shape` is None where the picture does not show a face.
    """

    gray: Gray
    mask: FloatArray
    shape: FloatArray | None


def drawn_mask(rng: Random) -> FloatArray:
    """Draw how much of a patch is visible, float32 [144, 144].

    The visible area is a rectangle, an ellipse or a blob, with a hard or a soft rim.
    """
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
    """Draw a face as the simulated camera does; the mask is the outline of the face."""
    units = ActionUnits(**{name: float(rng.uniform(0, 1) * (rng.random() < 0.3)) for name in ActionUnits.__slots__})
    looks = Looks(float(rng.uniform(60, 200)), float(rng.uniform(30, 150)), float(rng.uniform(0.85, 1.05)))
    gray, cover = draw_face(units, looks)
    small = [cv2.resize(each, (PIECE_PX, PIECE_PX), interpolation=cv2.INTER_AREA) for each in (gray, cover)]
    return Patch(
        np.clip(small[0], 0, 255).astype(np.uint8),
        np.asarray(small[1], np.float32),
        np.array(_drawn_shape(units), np.float32) * np.float32(PIECE_PX / SIZE_PX),
    )


def _drawn_shape(units: ActionUnits) -> tuple[float, ...]:
    """Return box and five points of a drawn face, in pixels of the drawing."""
    half = 27 + 12 * units.lip_corner_puller + 9 * units.lip_stretcher - 7 * units.jaw_drop - 2 * units.lip_tightener
    corner = 191 - 12 * units.lip_corner_puller + 9 * units.lip_corner_depressor + 3 * units.jaw_drop
    box = (128 - 70, 42, 140, 190)
    points = (92, 114, 164, 114, 128, 163, 128 - half, corner, 128 + half, corner)
    return (*box, *points)


def shuffled(gray: Gray, rng: Random) -> Gray:
    """Put the tiles of a face into another order, so that skin and hair remain and the face does not."""
    tiles = int(rng.integers(3, 6))
    side = PIECE_PX // tiles
    cut = [gray[i * side : (i + 1) * side, j * side : (j + 1) * side] for i in range(tiles) for j in range(tiles)]
    order = rng.permutation(len(cut))
    rows = [np.hstack([cut[order[i * tiles + j]] for j in range(tiles)]) for i in range(tiles)]
    return np.asarray(cv2.resize(np.vstack(rows), (PIECE_PX, PIECE_PX)), np.uint8)


def face_part(gray: Gray, shape: FloatArray, rng: Random) -> Gray:
    """Enlarge a part of a face picture in which at most two of the five points lie."""
    points = shape[4:14].reshape(5, 2)
    for _ in range(10):
        wide, tall = (int(each) for each in rng.integers(36, 90, 2))
        left, top = int(rng.integers(0, PIECE_PX - wide)), int(rng.integers(0, PIECE_PX - tall))
        inside = (points >= (left, top)).all(axis=1) & (points < (left + wide, top + tall)).all(axis=1)
        if inside.sum() <= 2:
            return np.asarray(cv2.resize(gray[top : top + tall, left : left + wide], (PIECE_PX, PIECE_PX)), np.uint8)
    return shuffled(gray, rng)
