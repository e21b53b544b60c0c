"""Draws the view that faces and other pictures are pasted into: a part of a scene, and the faces in it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from quantize.finder.data.faces import SURELY_A_FACE, FloatArray, Gray
from quantize.finder.frames.assets import Assets
from quantize.finder.frames.pieces import Random
from quantize.finder.frames.placing import mirrored, shrunk
from quantize.finder.frames.rows import FACE, IGNORED, MIN_WIDTH_PX, moved

Size = tuple[int, int]


def background(assets: Assets, size: Size, frame: Size, rng: Random) -> tuple[FloatArray, list[FloatArray]]:
    """Draw a view, float32 of the height and width `size`, and the rows of the faces in it.

    `frame` is the height and width of the frame that the view is a part of; it decides how large the scene is.
    """
    height, width = size
    if rng.random() < 0.12:
        drawn = assets.drawn_scenes[rng.integers(len(assets.drawn_scenes))]
        return cv2.resize(drawn, (width, height)).astype(np.float32), []
    scenes = assets.packed.scenes
    which = int(rng.choice(assets.empty)) if rng.random() < 0.25 else int(rng.integers(len(scenes)))
    scene, shapes = scenes[which], assets.packed.scene_shapes[which]
    if not len(shapes):
        scene = _varied(scene, scenes[int(rng.choice(assets.empty))], rng)
    scale, matrix = _placement((scene.shape[0], scene.shape[1]), size, frame, rng)
    small = shrunk(scene, scale)
    by = np.diag([scene.shape[1] / small.shape[1], scene.shape[0] / small.shape[0], 1.0])
    border = cv2.BORDER_REFLECT if not len(shapes) else cv2.BORDER_REPLICATE
    view = cv2.warpAffine(small, matrix @ by, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
    return view.astype(np.float32), [_row(shape, matrix) for shape in shapes]


def _placement(scene: Size, view: Size, frame: Size, rng: Random) -> tuple[float, FloatArray]:
    """Return the scale of the scene, and the matrix [2, 3] that moves it into the view, sometimes mirrored."""
    fit = max(frame[0] / scene[0], frame[1] / scene[1])
    scale = fit * math.exp(rng.uniform(math.log(0.75), math.log(2.2)))
    across = rng.uniform(0.0, 1.0) * (scene[1] * scale - view[1])
    down = rng.uniform(0.0, 1.0) * (scene[0] * scale - view[0])
    matrix = np.array([[scale, 0, -across], [0, scale, -down]], np.float32)
    return scale, mirrored(matrix, view[1]) if rng.random() < 0.5 else matrix


def _row(shape: FloatArray, matrix: FloatArray) -> FloatArray:
    row = moved(shape[:14], matrix)
    row[0] = FACE if shape[14] >= SURELY_A_FACE and row[3] >= MIN_WIDTH_PX else IGNORED
    return row


def _varied(scene: Gray, other: Gray, rng: Random) -> Gray:
    """Vary a scene without people: turn it on a side, stretch it, join `other` to it, or make it a negative."""
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
