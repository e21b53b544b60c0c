"""Shows the frames with what was detected, in a window or in a video file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotion.debouncing.transitions import State
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from assistant.errors import ConfigError, DisplayError
from assistant.files import unfinished_name
from assistant.frame import Frame
from assistant.pictures.opencv_names import opencv_name

Picture = npt.NDArray[np.uint8]

BOX_COLOR, BAR_COLOR, TEXT_COLOR = (80, 220, 80), (230, 170, 60), (255, 255, 255)
"""Colors as blue, green, red."""
RECORDED_FPS = 30.0
BAR_HEIGHT_PX, BAR_WIDTH_PX, LABEL_WIDTH_PX = 18, 110, 78


def draw_overlay(gray: Picture, face: ClassifiedFace | None, stable: Emotion | None) -> Picture:
    """Return a color copy [height, width, 3] with the box, the emotion or the reason for none, and a bar per score."""
    picture = np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if face is None:
        return picture
    box = face.box
    cv2.rectangle(picture, (box.x, box.y), (box.x + box.width, box.y + box.height), BOX_COLOR, 2)
    title = str(face.reason or stable or "...")
    _write(picture, title, (box.x, max(20, box.y - 8)), 0.7)
    if face.scores is not None:
        _draw_bars(picture, face.scores)
    return picture


def _draw_bars(picture: Picture, scores: EmotionScores) -> None:
    for line, emotion in enumerate(EMOTIONS):
        top = 8 + line * BAR_HEIGHT_PX
        length = round(BAR_WIDTH_PX * scores[emotion])
        _write(picture, str(emotion), (8, top + 12), 0.45)
        start = (LABEL_WIDTH_PX, top + 2)
        cv2.rectangle(picture, start, (LABEL_WIDTH_PX + length, top + BAR_HEIGHT_PX - 4), BAR_COLOR, -1)


def _write(picture: Picture, text: str, at: tuple[int, int], size: float) -> None:
    for color, width in (((0, 0, 0), 3), (TEXT_COLOR, 1)):
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, color, width, cv2.LINE_AA)


class VideoRecorder:
    """Writes the frames to an MP4 file, which gets its name when it is complete."""

    def __init__(self, path: Path) -> None:
        """Check the path.

        ConfigError is raised for a name that no video can have, DisplayError when no file can be written there.
        """
        if path.suffix.lower() != ".mp4" or path.is_dir():
            raise ConfigError(f"--record {path}: the name of a file that ends in .mp4 is needed")
        if not path.parent.is_dir():
            raise ConfigError(f"--record {path}: there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise DisplayError(f"--record {path}: the folder cannot be written to")
        self._path = path.resolve()
        self._unfinished = unfinished_name(self._path)
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._first_s = 0.0
        self._written = 0

    def show(self, frame: Frame, face: ClassifiedFace | None, stable: Emotion | None, state: State) -> None:  # noqa: ARG002 - others show the state
        """Add a frame, repeated until the next one's time. The size of the video is that of the first frame."""
        picture = draw_overlay(frame.gray, face, stable)
        if self._writer is None:
            self._size = (picture.shape[1], picture.shape[0])
            self._writer = self._begun()
            self._first_s = frame.t_s
        fitted = _letterboxed(picture, self._size)
        while self._written <= (frame.t_s - self._first_s) * RECORDED_FPS:
            self._writer.write(fitted)
            self._written += 1

    def _begun(self) -> cv2.VideoWriter:
        code = cv2.VideoWriter.fourcc(*"mp4v")
        with opencv_name(self._unfinished) as name:
            writer = cv2.VideoWriter(name, code, RECORDED_FPS, self._size)
        if not writer.isOpened():
            self._unfinished.unlink(missing_ok=True)
            raise DisplayError(f"--record {self._path}: no video can be written there")
        return writer

    def close(self) -> None:
        """Finish the file.

        DisplayError is raised, and no file stays, when it could not be completed, for instance because the disk is
        full.
        """
        if self._writer is None:
            return
        self._writer.release()
        self._writer = None
        if not _can_be_played(self._unfinished):
            self._unfinished.unlink(missing_ok=True)
            raise DisplayError(f"--record {self._path}: the video could not be finished; is the disk full?")
        self._unfinished.replace(self._path)


def _letterboxed(picture: Picture, size: tuple[int, int]) -> Picture:
    """Return the picture scaled into this (width, height), with black around it."""
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture
    factor = min(size[0] / width, size[1] / height)
    fitted = cv2.resize(picture, (max(1, int(width * factor)), max(1, int(height * factor))))
    below, right = size[1] - fitted.shape[0], size[0] - fitted.shape[1]
    return np.asarray(cv2.copyMakeBorder(fitted, 0, below, 0, right, cv2.BORDER_CONSTANT), dtype=np.uint8)


def _can_be_played(path: Path) -> bool:
    with opencv_name(path) as name:
        video = cv2.VideoCapture(name)
    readable = video.isOpened() and video.read()[0]
    video.release()
    return readable


class Window:
    """Shows the frames in an SDL window, since OpenCV's headless wheel has no windows."""

    def __init__(self, on_close: Callable[[], None]) -> None:
        """Open the display; DisplayError is raised when pygame is missing or there is no screen."""
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        try:
            import pygame
        except ImportError:
            raise DisplayError("--show: pygame-ce is not installed; install the extra 'show'") from None
        self._pygame: Any = pygame
        self._on_close = on_close
        self._surface: Any = None
        try:
            pygame.display.init()
        except pygame.error as error:
            raise DisplayError(f"--show: no window can be opened here ({error})") from None

    def show(self, frame: Frame, face: ClassifiedFace | None, stable: Emotion | None, state: State) -> None:  # noqa: ARG002 - others show the state
        """Show a frame. Closing the window, or the keys q and Escape, end the program."""
        pygame = self._pygame
        picture = draw_overlay(frame.gray, face, stable)
        size = (picture.shape[1], picture.shape[0])
        if self._surface is None or self._surface.get_size() != size:
            self._surface = pygame.display.set_mode(size)
            pygame.display.set_caption("emotion-assistant")
        self._surface.blit(pygame.image.frombuffer(picture.tobytes(), size, "BGR"), (0, 0))
        pygame.display.flip()
        for event in pygame.event.get():
            pressed = event.type == pygame.KEYDOWN and event.key in (pygame.K_q, pygame.K_ESCAPE)
            if pressed or event.type == pygame.QUIT:
                self._on_close()

    def close(self) -> None:
        """Close the window."""
        self._pygame.display.quit()
