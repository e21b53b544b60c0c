"""Finds pictures that a Haar cascade takes for faces although they are not: its false alarms in generated scenes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import INPUT_SIZE_PX, resize_face
from assistant.face.detectors.haar import cascade_file
from assistant.pictures.opencv_names import opencv_name
from quantize.data.drawn_scenes import SCENE_PX, clouds, drawn_scene
from quantize.data.samples import Gray
from quantize.progress import progress_bar

LENIENT_NEIGHBOURS = 1
"""The overlapping hits of a detection; the headset asks for more, so this gives more false alarms of the same kind."""


def false_alarms(count: int, seed: int, photographs: Gray) -> Gray:
    """Return `count` false alarms, uint8 [count, 48, 48], in scenes drawn by `seed`.

    Every other scene is composed of pieces of the photographs, uint8 [N, 48, 48].
    """
    found = islice(taken_for_faces(_scenes(np.random.default_rng(seed), photographs)), count)
    return np.stack(list(progress_bar(found, "searching for false alarms", total=count)))


def taken_for_faces(scenes: Iterable[Gray]) -> Iterator[Gray]:
    """Yield what the cascade takes for faces in gray scenes [height, width], cropped and resized to [48, 48]."""
    with opencv_name(cascade_file()) as name:
        cascade = cv2.CascadeClassifier(name)
    for scene in scenes:
        boxes = cascade.detectMultiScale(scene, 1.1, LENIENT_NEIGHBOURS, minSize=(24, 24))
        for x, y, width, height in sorted(map(tuple, boxes)):  # OpenCV's threads give them in any order
            yield resize_face(scene[y : y + height, x : x + width], INPUT_SIZE_PX)


def _scenes(rng: np.random.Generator, photographs: Gray) -> Iterator[Gray]:
    while True:
        yield drawn_scene(rng)
        yield pieced_scene(photographs, rng)


def pieced_scene(photographs: Gray, rng: np.random.Generator) -> Gray:
    """Compose a gray scene, uint8 [320, 320], of pieces of photographs uint8 [N, 48, 48].

    The pieces give the scene real light and texture. They are at most half as wide as a photograph, so no piece has a
    whole face; they are enlarged, turned, mirrored, and some are negatives.
    """
    scene = clouds(rng) + 128
    for _ in range(int(rng.integers(15, 60))):
        piece = _piece(photographs[rng.integers(len(photographs))], rng)
        height, width = piece.shape
        top, left = rng.integers(-height // 2, SCENE_PX - height // 2), rng.integers(-width // 2, SCENE_PX - width // 2)
        own = np.s_[max(0, -top) : SCENE_PX - top, max(0, -left) : SCENE_PX - left]
        piece, opaque = piece[own], _rim(piece.shape, rng)[own]
        place = np.s_[max(0, top) : max(0, top) + piece.shape[0], max(0, left) : max(0, left) + piece.shape[1]]
        scene[place] += opaque * (piece - scene[place])
    scene += rng.normal(0, rng.uniform(0, 8), scene.shape)
    return np.asarray(np.clip(scene, 0, 255), dtype=np.uint8)


def _piece(photograph: Gray, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return an enlarged part of the photograph."""
    tall, wide = (int(each) for each in rng.integers(8, photograph.shape[0] // 2 + 1, 2))
    top, left = rng.integers(photograph.shape[0] - tall + 1), rng.integers(photograph.shape[1] - wide + 1)
    part = np.rot90(photograph[top : top + tall, left : left + wide], int(rng.integers(4)))
    times = rng.uniform(1, 6)
    height, width = (max(2, round(times * side)) for side in part.shape)
    enlarged = cv2.resize(part[:, :: rng.choice((-1, 1))].astype(np.float64), (width, height))
    return np.asarray(255 - enlarged if rng.random() < 0.2 else enlarged, dtype=np.float64)


def _rim(shape: tuple[int, ...], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return the opacity of a piece of this shape: one everywhere, or falling towards the edges."""
    if rng.random() < 0.5:
        return np.ones(shape)
    down, across = (np.minimum(np.arange(side), np.arange(side)[::-1]) + 1 for side in shape)
    soft = rng.uniform(2, 12)
    return np.asarray(np.clip(np.minimum(down[:, np.newaxis], across) / soft, 0, 1), dtype=np.float64)
