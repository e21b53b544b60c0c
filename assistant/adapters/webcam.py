"""A camera that the kernel knows as /dev/videoN, through OpenCV."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np

from assistant.adapters.replay import to_gray
from assistant.errors import CameraError
from assistant.ports import Frame


def webcams() -> list[int]:
    """The numbers N of every /dev/videoN."""
    numbers = (path.name.removeprefix("video") for path in Path("/dev").glob("video*"))
    return sorted(int(number) for number in numbers if number.isdecimal())


class WebcamSource:
    """Frames of webcam `number`, with times of the monotonic clock."""

    def __init__(self, number: int, width_px: int, height_px: int, fps: float) -> None:
        self._number = number
        self._width_px, self._height_px, self._fps = width_px, height_px, fps
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        """Open the device; CameraError when it is missing, busy or gives no picture."""
        device = Path(f"/dev/video{self._number}")
        if not device.exists():
            raise CameraError(f"webcam {self._number}: there is no {device}; is it plugged in?")
        self._capture = cv2.VideoCapture(self._number, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            self.close()
            raise CameraError(f"webcam {self._number}: {device} gives no picture; does another program use it?")
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._width_px)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._height_px)
        self._capture.set(cv2.CAP_PROP_FPS, self._fps)

    def grab(self) -> Frame:
        """Wait for the next frame; CameraError when the device has gone."""
        if self._capture is None:
            raise CameraError(f"webcam {self._number}: is not open")
        read, picture = self._capture.read()
        if not read:
            raise CameraError(f"webcam {self._number}: gives no pictures any more; is it still plugged in?")
        return Frame(to_gray(np.asarray(picture, dtype=np.uint8)), time.monotonic())

    def close(self) -> None:
        """Release the device."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None
