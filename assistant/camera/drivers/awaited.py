"""A camera that may be missing: that is a state, not an error; and whether its driver has come back at all."""

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
"""So many threads may wait in drivers for ever; then the camera is not opened any more."""


class MissingCamera:
    """A camera that could not be opened: reading it tells why."""

    ended = False
    dropped = 0

    def __init__(self, error: CameraError) -> None:
        self._error = error

    def read(self, timeout_s: float) -> Frame | None:  # noqa: ARG002 - as cameras are read
        """Never a frame: CameraError."""
        raise self._error

    def set_rate(self, fps: float) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


class AwaitedCamera:
    """Opens a camera as often as it is asked to, be it there or not."""

    def __init__(self, open_camera: Callable[[], Camera], now: Callable[[], float] = time.monotonic) -> None:
        self._open_camera = open_camera
        self._now = now
        self._left_behind: dict[threading.Thread, float] = {}
        """Threads of earlier attempts whose driver has not come back, and since when."""

    def open(self) -> Camera:
        """The camera, or one that is missing."""
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
        """For how long a driver has not come back from what it was told to do; 0 where none is waited for."""
        began_s = [then for thread, then in self._left_behind.items() if thread.is_alive()]
        return self._now() - min(began_s) if began_s else 0.0

    def _leave_behind(self, began_s: float) -> None:
        """No camera is open at this moment: who still waits in a driver was left behind."""
        waiting = [thread for thread in threading.enumerate() if thread.name == CAPTURE_THREAD]
        self._left_behind = {thread: self._left_behind.get(thread, began_s) for thread in waiting}
