"""The Raspberry Pi's camera, read through picamera2, which comes from apt."""

from __future__ import annotations

import atexit
import faulthandler
import gc
import importlib
import importlib.util
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.sensor_modes import UNUSABLE, SensorMode, configurations, modes_of, start_first, widest
from assistant.camera.drivers.sensor_view import told_view
from assistant.camera.settings import CameraSettings
from assistant.errors import CameraError
from assistant.frame import Frame

CAPTURE_TIMEOUT_S = 5.0
"""A request that takes longer is given up, because libcamera may hang (raspberrypi/picamera2#1090)."""

HANG_S = 10.0
"""A driver that hangs longer than this while libcamera opens, starts or stops a camera ends the program.

Meanwhile no other Python code runs, because libcamera's binding (py_main.cpp) keeps the interpreter's lock: neither
the voice nor the buttons work, and no signal ends the program.
"""

CONTINUOUS_FOCUS = 2
"""libcamera's AfModeContinuous. Without it, picamera2 leaves the lens of a Camera Module 3 in its resting position."""

SLOWEST_FPS = 5.0
"""The sensor is never set to a lower rate than this.

A new rate takes effect about eight frames later (six requests wait, and the sensor is two behind: picamera2's
configuration of video, libcamera's delayed controls). At this rate the debouncer still counts all of the time.
"""

UNLOADABLE = (ImportError, ValueError, AttributeError, OSError, RuntimeError)
"""What the import of picamera2 raises where it is missing or built for another numpy (raspberrypi/picamera2#1088)."""

TROUBLES = (RuntimeError, OSError, TimeoutError)
"""What a camera raises when it fails while it runs."""

PLANAR_FORMATS = ("YUV420", "YVU420", "NV12", "NV21")
"""Formats that begin with the Y plane."""


logger = logging.getLogger(__name__)


def has_picamera2() -> bool:
    """Return whether picamera2 is installed, with or without a camera."""
    return importlib.util.find_spec("picamera2") is not None


def build_source(_argument: str, settings: CameraSettings, fps: float | None) -> PicameraSource:
    """Return the source of `--camera picamera`."""
    return PicameraSource(settings.width_px, settings.height_px, fps or settings.fps, settings.view_deg)


class PicameraSource:
    """Gives gray frames: the Y plane of the sensor's YUV stream, copied without conversion."""

    # Both belong to the process, as libcamera's list of cameras does: a camera that is opened again is a new source.
    _in_use = threading.Lock()
    """Held by the source that is open, because libcamera gives a camera to one at a time."""

    _modes: ClassVar[dict[str, list[SensorMode]]] = {}
    """The modes of each camera's sensor, by the camera's identity: to find them takes a configuration for each mode."""

    view: ClassVar[str] = ""
    """How much of the sensor the camera shows that was opened last, in words; empty where it does not say so."""

    def __init__(self, width_px: int, height_px: int, fps: float, view_deg: float = 52.0) -> None:
        """`view_deg` is the setting of that name; what is logged of the sensor's mode says whether it fits."""
        self._width_px, self._height_px, self._fps = width_px, height_px, fps
        self._view_deg = view_deg
        self._camera: Any = None
        self._request: Any = None
        self._stream: dict[str, Any] = {}
        self._waited_s = 0.0

    def open(self) -> None:
        """Configure and start the camera; CameraError says what is missing, or that another source still uses it."""
        self.close()
        picamera2 = _loaded()
        if not self._in_use.acquire(timeout=CAPTURE_TIMEOUT_S + 1.0):
            raise CameraError("the Raspberry Pi camera is still in use: its driver does not answer")
        try:
            with _ended_if_it_hangs():
                self._open(picamera2)
        except Exception:
            self._in_use.release()
            raise

    def _open(self, picamera2: Any) -> None:
        gc.collect()  # circular references of Picamera2 hold the old camera's memory and libcamera's old list
        picamera2._cm.reset()  # without it, a camera that was missing at first is never found
        cameras = picamera2.global_camera_info()
        if not cameras:
            raise CameraError("no Raspberry Pi camera is found: check the ribbon cable, then restart the Pi")
        identity = cameras[0]["Id"]
        modes_are_known = identity in self._modes
        error = self._start_new(picamera2, identity)
        if error is not None and not modes_are_known:
            # Trying the modes may have left too little memory; a new object frees it.
            logger.warning("%s; it is started again without its sensor modes", error)
            self._modes[identity] = []
            gc.collect()
            with _ended_if_it_hangs():
                error = self._start_new(picamera2, identity)
        if error is not None:
            raise error

    def _start_new(self, picamera2: Any, identity: str) -> CameraError | None:
        """Make a Picamera2 and start it; return why it does not start, without a trace, which would keep it alive."""
        try:
            self._camera = picamera2()
            # Picamera2 would close it again at the program's end, which a driver that hangs would prevent.
            atexit.unregister(self._camera.close)
            self._start(identity)
        except CameraError:
            self._close()
            raise
        except UNUSABLE as error:
            self._close()
            return CameraError(f"the Raspberry Pi camera does not start: {error.__cause__ or error}")
        return None

    def _start(self, identity: str) -> None:
        size = (self._width_px, self._height_px)
        controls = self._rate(self._fps) | self._focus()
        asked = self._camera.create_video_configuration(main={"size": size, "format": "YUV420"}, controls=controls)
        if identity not in self._modes:
            self._modes[identity] = modes_of(self._camera, asked)
        mode = widest(self._modes[identity], size, self._fps)
        start_first(self._start_with, configurations(mode, asked))
        type(self).view = told_view(self._camera, size, self._view_deg)

    def _start_with(self, configuration: dict[str, Any]) -> None:
        self._camera.configure(configuration)
        self._stream = self._camera.camera_configuration()["main"]  # libcamera may have chosen another stream
        if self._stream["format"] not in PLANAR_FORMATS:
            raise CameraError(f"the Raspberry Pi camera gives {self._stream['format']}, which has no gray plane")
        self._camera.start()

    def wait(self) -> float:
        """Wait for the next frame without copying it; CameraError where none comes."""
        if self._camera is None:
            raise CameraError("the Raspberry Pi camera is not open")
        self._let_go()
        self._request = _answer(lambda: self._camera.capture_request(wait=CAPTURE_TIMEOUT_S))
        self._waited_s = time.monotonic()
        return self._waited_s

    def grab(self) -> Frame:
        """Copy the frame that was waited for, or the next one; CameraError where none comes."""
        if self._request is None:
            self.wait()
        try:
            buffer = _answer(lambda: self._request.make_buffer("main"))
        finally:
            self._let_go()
        return Frame(gray_plane(np.asarray(buffer), self._stream["size"], self._stream["stride"]), self._waited_s)

    def set_rate(self, fps: float) -> None:
        """Set the sensor's rate: not above the rate that it was opened with, and not below `SLOWEST_FPS`."""
        if self._camera is not None:
            self._camera.set_controls(self._rate(min(self._fps, max(fps, SLOWEST_FPS))))

    def close(self) -> None:
        """Stop the camera."""
        if self._camera is not None:
            try:
                with _ended_if_it_hangs():
                    self._close()
            finally:
                self._in_use.release()

    def _close(self) -> None:
        self._let_go()
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def _rate(self, fps: float) -> dict[str, Any]:
        """Return the rate as the camera takes it: microseconds from frame to frame, at least and at most."""
        duration_us = round(1_000_000 / fps)
        has = "FrameDurationLimits" in self._camera.camera_controls
        return {"FrameDurationLimits": (duration_us, duration_us)} if has else {}

    def _focus(self) -> dict[str, Any]:
        """Return the control that lets a movable lens focus continuously; empty where the lens is fixed."""
        return {"AfMode": CONTINUOUS_FOCUS} if "AfMode" in self._camera.camera_controls else {}

    def _let_go(self) -> None:
        """Give the frame's memory back to the camera."""
        request, self._request = self._request, None
        if request is not None:
            request.release()


def _loaded() -> Any:
    """Return the class Picamera2; CameraError where it cannot be loaded."""
    # libcamera takes its log level from the process's environment when it is loaded; both would log every step.
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
    logging.getLogger("picamera2").setLevel(logging.WARNING)
    try:
        return importlib.import_module("picamera2").Picamera2
    except UNLOADABLE as error:
        hint = "sudo apt install python3-picamera2, and an environment made by script/setup"
        raise CameraError(f"picamera2 cannot be loaded ({error}): {hint}") from error


@contextmanager
def _ended_if_it_hangs() -> Iterator[None]:
    """End the program, with exit code 1 and a trace, where the block hangs: no other thread of Python could."""
    faulthandler.dump_traceback_later(HANG_S, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _answer(ask: Callable[[], Any]) -> Any:
    """Return the camera's answer, or raise CameraError without a trace, since a trace would keep the camera alive."""
    try:
        return ask()
    except TROUBLES as error:
        reason = str(error) or f"none came within {CAPTURE_TIMEOUT_S:g} seconds"
    raise CameraError(f"the Raspberry Pi camera gives no pictures any more: {reason}")


def gray_plane(buffer: npt.NDArray[np.uint8], size: tuple[int, int], stride: int) -> npt.NDArray[np.uint8]:
    """Return the Y plane, uint8 [height, width], of a flat planar YUV buffer whose lines are `stride` bytes apart."""
    width, height = size
    return buffer.reshape(-1)[: stride * height].reshape(height, stride)[:, :width]
