"""Clips for the tests: a photograph's face that moves, grows, darkens and leaves; a room; noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

FPS = 15.0
SIZE = (640, 480)
Gray = npt.NDArray[np.uint8]


def astronaut_gray() -> Gray:
    """Eileen Collins, smiling (NASA, in the public domain; inside scikit-image's wheel)."""
    import pytest

    data = pytest.importorskip("skimage.data")
    return np.asarray(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def photograph_frames() -> Iterator[Gray]:
    """Twelve seconds: nobody, the face moving, larger, in the dark, away for half a second, nobody."""
    rng = np.random.default_rng(7)
    photograph = astronaut_gray()
    for number in range(round(12 * FPS)):
        t_s = number / FPS
        absent = t_s < 1 or 8 <= t_s < 8.5 or t_s >= 10.5
        picture = room() if absent else _placed(photograph, t_s)
        light = 0.35 if 6 <= t_s < 8 else 1.0
        noisy = light * picture + rng.normal(0, 3, picture.shape)
        yield np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)


def _placed(photograph: Gray, t_s: float) -> Gray:
    scale = 1.0 if t_s < 4 else 1.3
    across = 80 + 60 * np.sin(1.5 * t_s) - (120 if scale > 1 else 0)
    matrix = np.array([[scale, 0, across], [0, scale, 10 * np.sin(2 * t_s)]])
    moved = cv2.warpAffine(photograph, matrix, SIZE, borderMode=cv2.BORDER_CONSTANT, borderValue=(110,))
    return np.asarray(moved, dtype=np.uint8)


def room() -> Gray:
    """A wall, a window, a shelf."""
    picture = np.full((SIZE[1], SIZE[0]), 110, np.uint8)
    picture[40:260, 40:160] = 200
    picture[330:350] = 60
    return picture


def room_frames() -> Iterator[Gray]:
    """Five seconds of the room."""
    rng = np.random.default_rng(8)
    for _ in range(round(5 * FPS)):
        yield np.asarray(np.clip(room() + rng.normal(0, 4, (SIZE[1], SIZE[0])), 0, 255), dtype=np.uint8)


def noise_frames() -> Iterator[Gray]:
    """Five seconds of blotchy noise, coarse and fine."""
    rng = np.random.default_rng(9)
    for number in range(round(5 * FPS)):
        coarse = 2 ** (1 + number % 5)
        blocks = rng.integers(0, 256, (SIZE[1] // coarse, SIZE[0] // coarse), dtype=np.uint8)
        yield np.asarray(cv2.resize(blocks, SIZE, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def write_clip(path: Path, frames: Callable[[], Iterator[Gray]]) -> Path:
    """Write a video at `FPS`."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for frame in frames():
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path
