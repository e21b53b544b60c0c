"""Clips: frames of 640x480 that are drawn, made from a photograph, or read from a recording."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.frame import Frame
from shared.command_line import existing_path
from shared.photographs import gray_photograph

CLIP_FRAMES = 300
PHOTOGRAPH_FPS = 15


def add_clip_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a clip."""
    parser.add_argument("--photograph", action="store_true", help="take a photograph's face instead of drawn faces")
    parser.add_argument("--clip", type=existing_path, metavar="FILE", help="take a recording instead of drawn faces")


def chosen_clip(arguments: argparse.Namespace) -> list[Frame]:
    """Return the first `CLIP_FRAMES` frames of the clip that the options name."""
    if arguments.clip:
        return list(islice(recorded_frames(arguments.clip), CLIP_FRAMES))
    return _photograph_clip() if arguments.photograph else _drawn_clip()


def recorded_frames(path: Path) -> Iterator[Frame]:
    """Yield every frame of a recording."""
    source = ReplaySource(path)
    source.open()
    yield from _frames(source)


def _drawn_clip() -> list[Frame]:
    """Return frames of drawn faces that move and change their expression twice."""
    return list(islice(_frames(SimulatedSource("neutral 5, happy 8, surprise 7")), CLIP_FRAMES))


def _photograph_clip() -> list[Frame]:
    """Return frames of scikit-image's astronaut, moved, scaled and noisy."""
    face = gray_photograph("astronaut")
    rng = np.random.default_rng(1)
    frames = []
    for number in range(CLIP_FRAMES):
        t_s = number / PHOTOGRAPH_FPS
        scale = 1.0 + 0.1 * np.sin(0.5 * t_s)
        matrix = np.array([[scale, 0, 60 + 30 * np.sin(0.9 * t_s)], [0, scale, 20 * np.sin(1.3 * t_s)]])
        picture = cv2.warpAffine(face, matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE)
        noisy = picture + rng.normal(0, 3, picture.shape)
        frames.append(Frame(np.clip(noisy, 0, 255).astype(np.uint8), t_s))
    return frames


def _frames(source: SimulatedSource | ReplaySource) -> Iterator[Frame]:
    while (frame := source.grab()) is not None:
        yield frame
