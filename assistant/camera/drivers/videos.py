"""Reads videos through OpenCV: upright, at times from 0 on, also where their container has none or wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from assistant.errors import CameraError
from assistant.frame import Frame
from assistant.pictures.opencv_names import opencv_name
from assistant.pictures.other_kinds import boxed_picture
from assistant.pictures.reading import to_gray

BACKENDS = (cv2.CAP_FFMPEG, cv2.CAP_GSTREAMER)
"""Other backends take a name with digits for a series of pictures, or print messages about a damaged file."""

LONGEST_STEP_S = 60.0
"""A longer step from one frame to the next is a mistake of the recording."""

FASTEST_FPS = 1000.0
"""A higher rate in a recording is a mistake of the recording."""

BEGINNING_BYTES = 512


class Timeline:
    """Gives the frames of a recording their times: from 0 on, each later than the one before."""

    def __init__(self, fps: float) -> None:
        """`fps` gives the step to a frame where the recording has no time for it, or an impossible one."""
        self._usual_s = 1.0 / fps
        self._t_s: float | None = None
        self._own_s = float("nan")

    def next(self, own_s: float) -> float:
        """Return the time of the next frame; `own_s` is its time in the recording, NaN where it has none."""
        step_s, self._own_s = own_s - self._own_s, own_s
        if self._t_s is None:
            self._t_s = 0.0
        else:
            self._t_s += step_s if 0 < step_s <= LONGEST_STEP_S else self._usual_s
        return self._t_s


def video_frames(path: Path, fps: float | None, fallback_fps: float, most_megapixels: float) -> Iterator[Frame]:
    """Open a video, or raise CameraError, and give its frames; `fps` is the rate of a video without times."""
    has_times = not path.is_file() or not _is_bare_stream(_beginning(path))
    capture = _opened(path)
    width, height = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    if width * height > most_megapixels * 1e6:
        capture.release()
        raise CameraError(
            f"{path}: has frames of {width:.0f}x{height:.0f} pixels; at most {most_megapixels:g} megapixels are read"
        )
    own_fps = capture.get(cv2.CAP_PROP_FPS)
    counted_fps = own_fps if 0 < own_fps <= FASTEST_FPS else fallback_fps
    if fps is not None and not has_times:
        counted_fps = fps
    return _frames(path, capture, Timeline(counted_fps), has_times=has_times)


def _frames(path: Path, capture: cv2.VideoCapture, timeline: Timeline, *, has_times: bool) -> Iterator[Frame]:
    number = 0
    try:
        while True:
            read, picture = capture.read()
            if not read:
                break
            own_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 if has_times else float("nan")
            yield Frame(to_gray(np.asarray(picture, dtype=np.uint8)), timeline.next(own_s))
            number += 1
    finally:
        capture.release()
    if not number:
        raise CameraError(f"{path}: is a video without any frame that can be read")


def _opened(path: Path) -> cv2.VideoCapture:
    """Open the video with the first backend that can; a pipe, which can be read only once, gets one backend alone."""
    with opencv_name(path) as name:
        for backend in BACKENDS if path.is_file() else BACKENDS[:1]:
            capture = cv2.VideoCapture(name, backend)
            if capture.isOpened():
                capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)  # without it OpenCV 4.11 turns the videos of phones
                return capture
    raise CameraError(f"{path}: is not a video or picture that can be read")


def refuse_pictures(path: Path) -> None:
    """Raise CameraError for HEIC, AVIF and the like: FFmpeg may take a part of such a picture for a video."""
    picture = boxed_picture(_beginning(path)) if path.is_file() else None
    if picture is not None:
        raise CameraError(f"{path}: {picture}")


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BEGINNING_BYTES)


def _is_bare_stream(beginning: bytes) -> bool:
    """Return whether these are frames without a container that could have times: MJPEG, H.264 or H.265."""
    starts = beginning.startswith((b"\0\0\0\1", b"\0\0\1")) and not beginning.startswith(b"\0\0\1\xba")
    return beginning.startswith((b"\xff\xd8\xff", b"--")) or starts
