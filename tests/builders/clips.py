"""Frames and video files: the face of a photograph that moves, several people, an empty room, noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import Looks, draw_face
from assistant.emotions import Emotion

FPS = 15.0
SIZE = (640, 480)
Gray = npt.NDArray[np.uint8]


def astronaut_gray() -> Gray:
    """Return a photograph of Eileen Collins, who smiles (NASA, in the public domain; part of scikit-image)."""
    import pytest

    data = pytest.importorskip("skimage.data")
    return np.asarray(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def photograph_frames() -> Iterator[Gray]:
    """Yield twelve seconds: nobody, a face that moves, grows, darkens, is away for half a second, and leaves."""
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


def crossing_frames() -> Iterator[Gray]:
    """Yield thirteen seconds: a smiling person; a second, neutral person, who crosses and leaves; briefly a third."""
    rng = np.random.default_rng(11)
    for number in range(round(13 * FPS)):
        t_s = number / FPS
        picture = room()
        if 2.5 <= t_s < 10:
            x = np.interp(t_s, (4, 6.5, 9, 10), (440, 200, 200, -80))
            _add_drawn(picture, float(x), 215, Looks(skin=120, hair=30, face_width=0.95))
        if t_s >= 1:
            _add_photograph(picture, float(np.interp(t_s, (4, 6.5), (200, 440))), 200)
        if 11 <= t_s < 12.2:
            _add_drawn(picture, 60, 200, Looks(skin=190, hair=150))
        noisy = picture + rng.normal(0, 3, picture.shape)
        yield np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)


def _add_photograph(frame: Gray, x: float, y: float) -> None:
    """Paste the astronaut, cut out, with the middle of her face near (x, y)."""
    outline = np.zeros((512, 512), np.uint8)
    cv2.ellipse(outline, (224, 125), (85, 110), 0, 0, 360, 255, -1)
    cv2.ellipse(outline, (235, 460), (190, 260), 0, 0, 360, 255, -1)
    move = np.array([[1.0, 0, x - 224], [0, 1, y - 113]])
    there, mask = (cv2.warpAffine(each, move, SIZE) for each in (astronaut_gray(), outline))
    frame[mask > 127] = there[mask > 127]


def _add_drawn(frame: Gray, x: float, y: float, looks: Looks) -> None:
    """Paste a drawn, neutral person with clothes in another shade."""
    face, cover = draw_face(PROTOTYPES[Emotion.NEUTRAL], looks)
    cv2.ellipse(frame, (round(x), round(y) + 190), (110, 110), 0, 0, 360, 225, -1)
    move = np.array([[0.55, 0, x - 0.55 * 128], [0, 0.55, y - 0.55 * 128]])
    there, mask = (cv2.warpAffine(each, move, SIZE) for each in (face, cover))
    frame[:] = (mask * there + (1 - mask) * frame).astype(np.uint8)


def room() -> Gray:
    """Draw a room with a wall, a window and a shelf."""
    picture = np.full((SIZE[1], SIZE[0]), 110, np.uint8)
    picture[40:260, 40:160] = 200
    picture[330:350] = 60
    return picture


def room_frames() -> Iterator[Gray]:
    """Yield five seconds of the empty room."""
    rng = np.random.default_rng(8)
    for _ in range(round(5 * FPS)):
        yield np.asarray(np.clip(room() + rng.normal(0, 4, (SIZE[1], SIZE[0])), 0, 255), dtype=np.uint8)


def noise_frames() -> Iterator[Gray]:
    """Yield five seconds of coarse and fine noise."""
    rng = np.random.default_rng(9)
    for number in range(round(5 * FPS)):
        coarse = 2 ** (1 + number % 5)
        blocks = rng.integers(0, 256, (SIZE[1] // coarse, SIZE[0] // coarse), dtype=np.uint8)
        yield np.asarray(cv2.resize(blocks, SIZE, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def write_clip(path: Path, frames: Callable[[], Iterator[Gray]]) -> Path:
    """Write the frames as a video of `FPS` frames a second, and return its path."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for frame in frames():
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


def write_clips(folder: Path) -> None:
    """Write photograph.mp4, crossing.mp4, room.mp4 and noise.mp4 into this folder."""
    for frames in (photograph_frames, crossing_frames, room_frames, noise_frames):
        write_clip(folder / f"{frames.__name__.removesuffix('_frames')}.mp4", frames)
