"""Recordings as a source of frames: a video, a picture, a folder of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import CameraError
from assistant.ports import Frame

PICTURE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
PICTURE_SHOWN_S = 3.0
"""A single picture is shown for this long: no emotion counts that did not hold for a while."""


class ReplaySource:
    """Plays what is at `path`; pictures of a folder in the order of their names, `fps` of them a second."""

    def __init__(self, path: Path, fps: float = 10.0) -> None:
        self._path = path
        self._fps = fps
        self._frames: Iterator[Frame] = iter(())
        self._next: Frame | None = None

    def open(self) -> None:
        """Look at what is there; CameraError when it is nothing that can be played."""
        try:
            self._open()
        except OSError as error:
            if isinstance(error, CameraError):
                raise
            raise CameraError(f"{self._path}: cannot be read: {error.strerror}") from error

    def _open(self) -> None:
        if not self._path.exists():
            raise CameraError(f"{self._path}: no such file or folder to replay")
        if self._path.is_dir():
            self._frames = self._folder()
        elif self._path.suffix.lower() in PICTURE_SUFFIXES:
            self._frames = self._picture()
        else:
            self._frames = _video(self._path, _opened(self._path), self._fps)

    def wait(self) -> float | None:
        """The next frame's time, None at the end; CameraError for a picture of the folder that cannot be read."""
        self._next = next(self._frames, None)
        return None if self._next is None else self._next.t_s

    def grab(self) -> Frame | None:
        """The frame that was waited for, or the next one; None at the end."""
        if self._next is None:
            self.wait()
        frame, self._next = self._next, None
        return frame

    def set_rate(self, fps: float) -> None:
        """Nothing: a recording has its own speed."""

    def close(self) -> None:
        """Let go of the file."""
        self._frames, self._next = iter(()), None

    def _folder(self) -> Iterator[Frame]:
        pictures = sorted(each for each in self._path.iterdir() if each.suffix.lower() in PICTURE_SUFFIXES)
        if not pictures:
            raise CameraError(f"{self._path}: there is no picture in this folder")
        return (Frame(read_gray(path), number / self._fps) for number, path in enumerate(pictures))

    def _picture(self) -> Iterator[Frame]:
        gray = read_gray(self._path)
        return (Frame(gray, number / self._fps) for number in range(round(PICTURE_SHOWN_S * self._fps)))


def read_gray(path: Path) -> npt.NDArray[np.uint8]:
    """Read a picture as uint8 [height, width]; CameraError when it is none."""
    try:
        coded = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise CameraError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        gray = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE) if coded.size else None
    except cv2.error:  # a header that promises more pixels than OpenCV takes
        gray = None
    if gray is None:
        raise CameraError(f"{path}: is no picture that can be read")
    return np.asarray(gray, dtype=np.uint8)


def to_gray(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A frame as OpenCV gives it, [height, width] or [height, width, 3], as gray."""
    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _opened(path: Path) -> cv2.VideoCapture:
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise CameraError(f"{path}: is no video or picture that can be read")
    return capture


def _video(path: Path, capture: cv2.VideoCapture, fallback_fps: float) -> Iterator[Frame]:
    """Frames with the recording's own times; where it has none they are counted."""
    fps = capture.get(cv2.CAP_PROP_FPS) or fallback_fps
    last_s, number = -1.0, 0
    try:
        while True:
            read, picture = capture.read()
            if not read:
                break
            own_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            last_s = own_s if own_s > last_s else last_s + 1 / fps
            yield Frame(to_gray(np.asarray(picture, dtype=np.uint8)), last_s)
            number += 1
    finally:
        capture.release()
    if not number:
        raise CameraError(f"{path}: is a video without a single frame that can be read")
