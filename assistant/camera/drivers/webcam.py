"""A webcam, which the kernel names /dev/videoN, read through OpenCV."""

from __future__ import annotations

import time

import cv2
import numpy as np

from assistant.camera.drivers.webcam_names import webcam_number
from assistant.camera.settings import CameraSettings
from assistant.errors import CameraError
from assistant.frame import Frame
from assistant.pictures.reading import to_gray

DEFAULT_NUMBER = "0"
"""`--camera webcam` without an argument is /dev/video0."""


def build_source(argument: str, settings: CameraSettings, fps: float | None) -> WebcamSource:
    """Return the source of `--camera webcam` with this number, path or name."""
    return WebcamSource(argument or DEFAULT_NUMBER, settings.width_px, settings.height_px, fps or settings.fps)


class WebcamSource:
    """Gives the frames of the webcam with this number, path or name, with times of the monotonic clock."""

    def __init__(self, name: str, width_px: int, height_px: int, fps: float) -> None:
        self._name = name
        self._width_px, self._height_px, self._fps = width_px, height_px, fps
        self._capture: cv2.VideoCapture | None = None
        self._waited_s: float | None = None

    def open(self) -> None:
        """Open the device; CameraError where it is missing or busy."""
        number = webcam_number(self._name)
        self._capture = cv2.VideoCapture(number, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            self.close()
            raise CameraError(f"webcam {self._name}: /dev/video{number} gives no picture; does another program use it?")
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._width_px)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._height_px)
        self._capture.set(cv2.CAP_PROP_FPS, self._fps)

    def wait(self) -> float:
        """Wait for the next frame without decoding it; CameraError where the device is gone."""
        if not self._device().grab():
            raise self._gone()
        self._waited_s = time.monotonic()
        return self._waited_s

    def grab(self) -> Frame:
        """Decode the frame that was waited for, or the next one; CameraError where the device is gone."""
        t_s = self.wait() if self._waited_s is None else self._waited_s
        self._waited_s = None
        read, picture = self._device().retrieve()
        if not read:
            raise self._gone()
        return Frame(to_gray(np.asarray(picture, dtype=np.uint8)), t_s)

    def set_rate(self, fps: float) -> None:
        """Do nothing: OpenCV would stop the stream and begin another one. Unwanted frames are not decoded instead."""

    def close(self) -> None:
        """Release the device."""
        if self._capture is not None:
            self._capture.release()
            self._capture = self._waited_s = None

    def _device(self) -> cv2.VideoCapture:
        if self._capture is None:
            raise CameraError(f"webcam {self._name}: is not open")
        return self._capture

    def _gone(self) -> CameraError:
        return CameraError(f"webcam {self._name}: gives no pictures any more; is it still plugged in?")
