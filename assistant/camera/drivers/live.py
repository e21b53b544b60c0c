"""A camera that captures a source's frames in a thread and keeps the newest one."""

from __future__ import annotations

import logging
import math
import threading

from assistant.camera.camera import FrameSource
from assistant.camera.frame_rate import Throttle
from assistant.errors import CameraError
from assistant.frame import Clock, Frame

OPEN_TIMEOUT_S = 10.0
"""A source that has not opened after this time has failed."""

CLOSE_TIMEOUT_S = 0.5
"""A driver that has not answered after this time is left to its thread, which ends with the program."""

SILENT_CAMERA = f"the camera does not answer within {OPEN_TIMEOUT_S:g} seconds: unplug it and try again"
SILENT_RECORDING = f"the recording gives nothing within {OPEN_TIMEOUT_S:g} seconds: does another program write to it?"

logger = logging.getLogger(__name__)


class LiveCamera:
    """Captures in a thread, and keeps the newest frame; frames that are replaced unread are counted as dropped."""

    def __init__(self, source: FrameSource, paced_by: Clock | None = None) -> None:
        """Open the source, or raise CameraError; a recording's frames are held back until their time on `paced_by`."""
        self._source = source
        self._paced_by = paced_by
        self._slot: Frame | None = None
        self._error: CameraError | None = None
        self._over = False
        self._dropped = 0
        self._throttle = Throttle()
        self._fps = self._source_fps = math.inf
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._capture, name="camera", daemon=True)
        self._open_error: CameraError | None = None
        self._opened = threading.Event()
        self._thread.start()
        self._wait_until_open()

    def _wait_until_open(self) -> None:
        if not self._opened.wait(OPEN_TIMEOUT_S):
            self._stop.set()
            raise CameraError(SILENT_CAMERA if self._paced_by is None else SILENT_RECORDING)
        if self._open_error is not None:
            raise self._open_error

    def read(self, timeout_s: float) -> Frame | None:
        """Return the newest unread frame, None where none came in time; CameraError where the source has failed."""
        with self._changed:
            self._changed.wait_for(lambda: self._slot or self._error or self._over, timeout_s)
            frame, self._slot = self._slot, None
            if frame is None and self._error is not None:
                raise self._error
            return frame

    def set_rate(self, fps: float) -> None:
        """Give no more frames a second than this from now on; the others are not read and not counted as dropped."""
        self._fps = fps

    @property
    def ended(self) -> bool:
        """Whether the recording is over, and each of its frames was read."""
        with self._changed:
            return self._over and self._slot is None

    @property
    def dropped(self) -> int:
        """How many frames were replaced by the next one before anybody read them."""
        return self._dropped

    def close(self) -> None:
        """Stop the thread; the thread closes the source."""
        self._stop.set()
        self._thread.join(CLOSE_TIMEOUT_S)
        if self._thread.is_alive():
            logger.warning("the camera's driver does not answer; the program goes on without it")

    def _capture(self) -> None:
        if not self._open_source():
            return
        try:
            self._capture_frames()
        except Exception as error:  # a driver may raise anything, and this thread must hand it on
            self._end(_as_camera_error(error))
        finally:
            self._source.close()

    def _open_source(self) -> bool:
        try:
            self._source.open()
        except Exception as error:  # as in `_capture`
            self._open_error = _as_camera_error(error)
            return False
        finally:
            self._opened.set()
        return True

    def _capture_frames(self) -> None:
        while not self._stop.is_set():
            t_s = self._source.wait()
            if t_s is None:
                self._end(None)
                return
            self._hold_back(t_s)
            self._set_source_rate()
            if self._throttle.wants(t_s, self._fps):
                self._put(self._source.grab())

    def _hold_back(self, t_s: float) -> None:
        if self._paced_by is not None:
            self._stop.wait(max(0.0, t_s - self._paced_by.now()))

    def _set_source_rate(self) -> None:
        if self._fps != self._source_fps:
            self._source_fps = self._fps
            self._source.set_rate(self._source_fps)

    def _put(self, frame: Frame | None) -> None:
        with self._changed:
            self._dropped += self._slot is not None
            self._slot = frame
            self._changed.notify()

    def _end(self, error: CameraError | None) -> None:
        with self._changed:
            self._error = error
            self._over = error is None
            self._changed.notify()


def _as_camera_error(error: Exception) -> CameraError:
    return error if isinstance(error, CameraError) else CameraError(f"the camera failed: {error!r}")
