"""The Raspberry Pi's camera through picamera2, which comes from apt."""

from __future__ import annotations

import atexit
import gc
import importlib
import importlib.util
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CameraError
from assistant.ports import Frame

CAPTURE_TIMEOUT_S = 5.0
"""libcamera has been seen to hang (raspberrypi/picamera2#1090); a request is then given up."""

SLOWEST_FPS = 5.0
"""A new rate is there about eight frames later (six requests wait, and the sensor is two behind: picamera2's
configuration of video, libcamera's delayed controls); at this rate the state machine still counts all of the time."""

UNLOADABLE = (ImportError, ValueError, AttributeError, OSError, RuntimeError)
"""What loading picamera2 raises where it is missing, or was built for another numpy (raspberrypi/picamera2#1088)."""

TROUBLES = (RuntimeError, OSError, TimeoutError)
"""What a camera raises that fails while it runs."""

PLANAR_FORMATS = ("YUV420", "YVU420", "NV12", "NV21")
"""They begin with the Y plane."""


def has_picamera2() -> bool:
    """Whether picamera2 is installed, be there a camera or not."""
    return importlib.util.find_spec("picamera2") is not None


class PicameraSource:
    """Gray frames: the Y plane of the sensor's YUV stream as it lies in memory, nothing converted."""

    _in_use = threading.Lock()
    """One that still waits for a picture is waited for: libcamera gives the camera to one at a time."""

    def __init__(self, width_px: int, height_px: int, fps: float) -> None:
        self._width_px, self._height_px, self._fps = width_px, height_px, fps
        self._camera: Any = None
        self._request: Any = None
        self._stream: dict[str, Any] = {}
        self._waited_s = 0.0

    def open(self) -> None:
        """Configure and start the camera; CameraError says what is missing, or that another source still has it."""
        self.close()
        if not self._in_use.acquire(timeout=CAPTURE_TIMEOUT_S + 1.0):
            raise CameraError("the Raspberry Pi camera is still in use: its driver does not answer")
        try:
            self._open()
        except Exception:
            self._in_use.release()
            raise

    def _open(self) -> None:
        picamera2 = _loaded()
        gc.collect()  # Picamera2 leaves circles, which hold the old camera's memory and libcamera's old list
        picamera2._cm.reset()  # else a camera that was not there at the first look is never found
        if not picamera2.global_camera_info():
            raise CameraError("no Raspberry Pi camera is found: check the ribbon cable, then restart the Pi")
        try:
            self._camera = picamera2()
            # It would be closed once more at the program's end, which a driver that hangs would keep from ending.
            atexit.unregister(self._camera.close)
            self._start()
        except CameraError:
            self._close()
            raise
        except (RuntimeError, OSError, IndexError) as error:
            self._close()
            raise CameraError(f"the Raspberry Pi camera does not start: {error.__cause__ or error}") from error

    def _start(self) -> None:
        main = {"size": (self._width_px, self._height_px), "format": "YUV420"}
        controls = self._controls(self._fps)
        self._camera.configure(self._camera.create_video_configuration(main=main, controls=controls))
        self._stream = self._camera.camera_configuration()["main"]  # libcamera may have chosen another one
        if self._stream["format"] not in PLANAR_FORMATS:
            raise CameraError(f"the Raspberry Pi camera gives {self._stream['format']}, which has no gray plane")
        self._camera.start()

    def wait(self) -> float:
        """Wait for the next frame, copying nothing; CameraError when none comes."""
        if self._camera is None:
            raise CameraError("the Raspberry Pi camera is not open")
        self._let_go()
        self._request = _answer(lambda: self._camera.capture_request(wait=CAPTURE_TIMEOUT_S))
        self._waited_s = time.monotonic()
        return self._waited_s

    def grab(self) -> Frame:
        """Copy the frame that was waited for, or the next one; CameraError when none comes."""
        if self._request is None:
            self.wait()
        try:
            buffer = _answer(lambda: self._request.make_buffer("main"))
        finally:
            self._let_go()
        return Frame(gray_plane(np.asarray(buffer), self._stream["size"], self._stream["stride"]), self._waited_s)

    def set_rate(self, fps: float) -> None:
        """Have the sensor take so many frames a second, within what it was opened for and `SLOWEST_FPS`."""
        if self._camera is not None:
            self._camera.set_controls(self._controls(min(self._fps, max(fps, SLOWEST_FPS))))

    def close(self) -> None:
        """Stop the camera."""
        if self._camera is not None:
            try:
                self._close()
            finally:
                self._in_use.release()

    def _close(self) -> None:
        self._let_go()
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def _controls(self, fps: float) -> dict[str, tuple[int, int]]:
        """The rate in the camera's own terms: microseconds from frame to frame, at least and at most."""
        duration_us = round(1_000_000 / fps)
        has = "FrameDurationLimits" in self._camera.camera_controls
        return {"FrameDurationLimits": (duration_us, duration_us)} if has else {}

    def _let_go(self) -> None:
        """Give the frame's memory back to the camera."""
        request, self._request = self._request, None
        if request is not None:
            request.release()


def _loaded() -> Any:
    """The class Picamera2; neither it nor libcamera tells of every step."""
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
    logging.getLogger("picamera2").setLevel(logging.WARNING)
    try:
        return importlib.import_module("picamera2").Picamera2
    except UNLOADABLE as error:
        hint = "sudo apt install python3-picamera2, and an environment made by script/setup"
        raise CameraError(f"picamera2 cannot be loaded ({error}): {hint}") from error


def _answer(ask: Callable[[], Any]) -> Any:
    """What the camera answers, or CameraError; no trace goes with it, which would keep the camera from being freed."""
    try:
        return ask()
    except TROUBLES as error:
        reason = str(error) or f"none came within {CAPTURE_TIMEOUT_S:g} seconds"
    raise CameraError(f"the Raspberry Pi camera gives no pictures any more: {reason}")


def gray_plane(buffer: npt.NDArray[np.uint8], size: tuple[int, int], stride: int) -> npt.NDArray[np.uint8]:
    """The Y plane, uint8 [height, width], of a flat planar YUV buffer whose lines are `stride` bytes apart."""
    width, height = size
    return buffer.reshape(-1)[: stride * height].reshape(height, stride)[:, :width]
