"""Opens a camera that may be missing, without raising an error, and watches whether its driver answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.camera.camera import Camera
from assistant.errors import CameraError
from assistant.frame import Frame

CAPTURE_THREAD = "camera"
"""The name of the threads in which cameras wait for their drivers."""

MOST_LEFT_BEHIND = 4
"""When this many threads wait for drivers that do not answer, the camera is not opened any more."""


class MissingCamera:
    """A camera that could not be opened; `read` raises the reason."""

    ended = False
    dropped = 0

    def __init__(self, error: CameraError) -> None:
        self._error = error

    def read(self, timeout_s: float) -> Frame | None:  # noqa: ARG002 - the protocol has it
        """Raise the CameraError that says why the camera could not be opened."""
        raise self._error

    def set_rate(self, fps: float) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class AwaitedCamera:
    """Opens a camera again and again; a camera that is missing becomes a `MissingCamera`."""

    def __init__(self, open_camera: Callable[[], Camera], now: Callable[[], float] = time.monotonic) -> None:
        self._open_camera = open_camera
        self._now = now
        self._left_behind: dict[threading.Thread, float] = {}
        """The threads of earlier attempts whose driver has not answered, each with the time since when."""

    def open(self) -> Camera:
        """Return the camera, or a `MissingCamera`."""
        began_s = self._now()
        self._leave_behind(began_s)
        try:
            if len(self._left_behind) >= MOST_LEFT_BEHIND:
                raise CameraError("the camera's driver does not answer: restart the program")
            return self._open_camera()
        except CameraError as error:
            self._leave_behind(began_s)
            return MissingCamera(error)

    def stuck_s(self) -> float:
        """Return for how many seconds a driver has not answered; 0 when no thread waits for a driver."""
        began_s = [then for thread, then in self._left_behind.items() if thread.is_alive()]
        return self._now() - min(began_s) if began_s else 0.0

    def _leave_behind(self, began_s: float) -> None:
        """Note the threads that still wait for a driver; while no camera is open, all are of earlier attempts."""
        waiting = [thread for thread in threading.enumerate() if thread.name == CAPTURE_THREAD]
        self._left_behind = {thread: self._left_behind.get(thread, began_s) for thread in waiting}
