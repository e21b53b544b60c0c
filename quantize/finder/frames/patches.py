"""Draws what is pasted next: a face, or a picture that does not show a face."""

from __future__ import annotations

import math

import cv2
import numpy as np

from quantize.finder.data.faces import Gray
from quantize.finder.frames.assets import Assets
from quantize.finder.frames.occlusion import partly_covered, without_face
from quantize.finder.frames.pieces import PIECE_PX, Patch, Random, face_part, shuffled


def face_patch(assets: Assets, rng: Random) -> Patch:
    """Draw a face: a packed one, sometimes partly covered, rarely a drawn one."""
    if rng.random() < 0.015:
        return assets.drawn_faces[int(rng.integers(len(assets.drawn_faces)))]
    which = int(rng.choice(len(assets.packed.faces), p=assets.face_weights))
    gray, shape = assets.packed.faces[which], assets.packed.face_shapes[which]
    if rng.random() < 0.35:
        gray = partly_covered(gray, shape, _texture(assets, rng), rng)
    return Patch(_lit(gray, rng), assets.masks[rng.integers(len(assets.masks))], shape)


def other_patch(assets: Assets, rng: Random) -> Patch:
    """Draw a picture that does not show a face.

    Faces and other pictures are pasted by the same masks, so that the network cannot distinguish them by their rims.
    """
    return Patch(_lit(_other(assets, rng), rng), assets.masks[rng.integers(len(assets.masks))], None)


def _other(assets: Assets, rng: Random) -> Gray:
    kind = rng.random()
    if kind < 0.7:
        return _texture(assets, rng)
    which = int(rng.integers(len(assets.packed.faces)))
    gray, shape = assets.packed.faces[which], assets.packed.face_shapes[which]
    if kind < 0.85:
        return shuffled(gray, rng)
    if kind < 0.9:
        return face_part(gray, shape, rng)
    return without_face(gray, shape, _texture(assets, rng), rng)


def _texture(assets: Assets, rng: Random) -> Gray:
    """Return a part of a scene without people, uint8 [144, 144]."""
    if rng.random() < 0.1:
        scene = assets.drawn_scenes[rng.integers(len(assets.drawn_scenes))]
    else:
        scene = assets.packed.scenes[int(rng.choice(assets.empty))]
    side = int(min(*scene.shape, math.exp(rng.uniform(math.log(24), math.log(300)))))
    top, left = (int(rng.integers(0, own - side + 1)) for own in scene.shape)
    piece = np.rot90(scene[top : top + side, left : left + side], int(rng.integers(4)))
    interpolation = cv2.INTER_AREA if side > PIECE_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(piece, (PIECE_PX, PIECE_PX), interpolation=interpolation), np.uint8)


def _lit(gray: Gray, rng: Random) -> Gray:
    """Return the picture brighter or darker than its surroundings, or lit from one side."""
    light = np.float32(math.exp(rng.uniform(math.log(0.35), math.log(1.3)))) if rng.random() < 0.5 else np.float32(1)
    if rng.random() < 0.35:
        angle, depth = rng.uniform(0, 2 * math.pi), rng.uniform(0.3, 0.9)
        down, across = np.ogrid[-1 : 1 : PIECE_PX * 1j, -1 : 1 : PIECE_PX * 1j]
        ramp = 1 / (1 + np.exp(-rng.uniform(1, 5) * (math.cos(angle) * across + math.sin(angle) * down)))
        return np.asarray(np.clip(gray * (light * (1 - depth * ramp)), 0, 255), np.uint8)
    return gray if light == 1 else np.asarray(cv2.convertScaleAbs(gray, alpha=float(light)), np.uint8)
