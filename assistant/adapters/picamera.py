"""The Raspberry Pi's camera through picamera2, which comes from apt."""

from __future__ import annotations

import atexit
import importlib
import importlib.util
import logging
import os
import time
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CameraError
from assistant.ports import Frame

CAPTURE_TIMEOUT_S = 5.0
"""libcamera has been seen to hang (raspberrypi/picamera2#1090); a request is then given up."""

UNLOADABLE = (ImportError, ValueError, AttributeError, OSError, RuntimeError)
"""What loading picamera2 raises where it is missing, or was built for another numpy (raspberrypi/picamera2#1088)."""

PLANAR_FORMATS = ("YUV420", "YVU420", "NV12", "NV21")
"""They begin with the Y plane."""


def has_picamera2() -> bool:
    """Whether picamera2 is installed, be there a camera or not."""
    return importlib.util.find_spec("picamera2") is not None


class PicameraSource:
    """Gray frames: the Y plane of the sensor's YUV stream as it lies in memory, nothing converted."""

    def __init__(self, width_px: int, height_px: int, fps: float) -> None:
        self._width_px, self._height_px, self._fps = width_px, height_px, fps
        self._camera: Any = None
        self._stream: dict[str, Any] = {}

    def open(self) -> None:
        """Configure and start the camera; CameraError says what is missing."""
        self.close()
        picamera2 = _loaded()
        if not picamera2.global_camera_info():
            raise CameraError("no Raspberry Pi camera is found: check the ribbon cable, then restart the Pi")
        try:
            self._camera = picamera2()
            # It would be closed once more at the program's end, which a driver that hangs would keep from ending.
            atexit.unregister(self._camera.close)
            self._start()
        except CameraError:
            self.close()
            raise
        except (RuntimeError, OSError, IndexError) as error:
            self.close()
            raise CameraError(f"the Raspberry Pi camera does not start: {error.__cause__ or error}") from error

    def _start(self) -> None:
        main = {"size": (self._width_px, self._height_px), "format": "YUV420"}
        controls = {"FrameRate": self._fps} if "FrameDurationLimits" in self._camera.camera_controls else {}
        self._camera.configure(self._camera.create_video_configuration(main=main, controls=controls))
        self._stream = self._camera.camera_configuration()["main"]  # libcamera may have chosen another one
        if self._stream["format"] not in PLANAR_FORMATS:
            raise CameraError(f"the Raspberry Pi camera gives {self._stream['format']}, which has no gray plane")
        self._camera.start()

    def grab(self) -> Frame:
        """Wait for the next frame; CameraError when none comes."""
        if self._camera is None:
            raise CameraError("the Raspberry Pi camera is not open")
        try:
            buffer = self._camera.capture_buffer("main", wait=CAPTURE_TIMEOUT_S)
        except (RuntimeError, OSError, TimeoutError) as error:
            reason = str(error) or f"none came within {CAPTURE_TIMEOUT_S:g} seconds"
            raise CameraError(f"the Raspberry Pi camera gives no pictures any more: {reason}") from error
        return Frame(gray_plane(np.asarray(buffer), self._stream["size"], self._stream["stride"]), time.monotonic())

    def close(self) -> None:
        """Stop the camera."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()


def _loaded() -> Any:
    """The class Picamera2; neither it nor libcamera tells of every step."""
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
    logging.getLogger("picamera2").setLevel(logging.WARNING)
    try:
        return importlib.import_module("picamera2").Picamera2
    except UNLOADABLE as error:
        hint = "sudo apt install python3-picamera2, and an environment made by script/setup"
        raise CameraError(f"picamera2 cannot be loaded ({error}): {hint}") from error


def gray_plane(buffer: npt.NDArray[np.uint8], size: tuple[int, int], stride: int) -> npt.NDArray[np.uint8]:
    """The Y plane, uint8 [height, width], of a flat planar YUV buffer whose lines are `stride` bytes apart."""
    width, height = size
    return buffer.reshape(-1)[: stride * height].reshape(height, stride)[:, :width]
