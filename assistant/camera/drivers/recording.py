"""A recording as a source of frames: a video, a picture, or a folder of pictures."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from assistant.camera.drivers.videos import refuse_pictures, video_frames
from assistant.camera.settings import CameraSettings
from assistant.errors import CameraError
from assistant.frame import Frame
from assistant.pictures.folders import counted, pictures_of
from assistant.pictures.reading import MOST_MEGAPIXELS, PICTURE_SUFFIXES, read_gray

PICTURES_FPS = 10.0
"""The rate of a folder of pictures, and of a video that has neither times nor a rate."""

PICTURE_SHOWN_S = 3.0
"""A single picture is shown for this long, because an emotion counts only after it has held for a while."""

logger = logging.getLogger(__name__)


def build_source(argument: str, settings: CameraSettings, fps: float | None) -> ReplaySource:
    """Return the source of `--camera replay` with this path."""
    return ReplaySource(Path(argument), fps, settings.replay_megapixels)


class ReplaySource:
    """Plays what is at `path`; a folder's pictures are played in natural order, `fps` of them a second."""

    def __init__(self, path: Path, fps: float | None = None, most_megapixels: float = MOST_MEGAPIXELS) -> None:
        """`fps` is the rate of what has no times; a picture with more than `most_megapixels` is not decoded."""
        self._path = path
        self._fps = fps
        self._pictures_fps = fps or PICTURES_FPS
        self._most_megapixels = most_megapixels
        self._frames: Iterator[Frame] = iter(())
        self._next: Frame | None = None

    def open(self) -> None:
        """Find out what is at the path; CameraError where it cannot be played."""
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
            refuse_pictures(self._path)
            self._frames = video_frames(self._path, self._fps, PICTURES_FPS, self._most_megapixels)

    def wait(self) -> float | None:
        """Return the next frame's time, None at the end; CameraError for a picture that cannot be read."""
        self._next = next(self._frames, None)
        return None if self._next is None else self._next.t_s

    def grab(self) -> Frame | None:
        """Return the frame that was waited for, or the next one; None at the end."""
        if self._next is None:
            self.wait()
        frame, self._next = self._next, None
        return frame

    def set_rate(self, fps: float) -> None:
        """Do nothing: a recording has its own speed."""

    def close(self) -> None:
        """Close the file."""
        self._frames, self._next = iter(()), None

    def _folder(self) -> Iterator[Frame]:
        pictures, left_out = pictures_of(self._path)
        if left_out:
            logger.warning("%s: %s", self._path, counted(left_out))
        if not pictures:
            raise CameraError(f"{self._path}: there is no picture in this folder")
        return (
            Frame(read_gray(path, self._most_megapixels), number / self._pictures_fps)
            for number, path in enumerate(pictures)
        )

    def _picture(self) -> Iterator[Frame]:
        gray = read_gray(self._path, self._most_megapixels)
        shown = round(PICTURE_SHOWN_S * self._pictures_fps)
        return (Frame(gray, number / self._pictures_fps) for number in range(shown))
