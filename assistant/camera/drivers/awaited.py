"""A camera that may be missing, which is a state and not an error, and whether its driver answers."""

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
"""When so many threads wait in drivers for ever, the camera is not opened any more."""


class MissingCamera:
    """A camera that could not be opened; to read it raises the reason."""

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
    """Opens a camera each time it is asked to, whether the camera is there or not."""

    def __init__(self, open_camera: Callable[[], Camera], now: Callable[[], float] = time.monotonic) -> None:
        self._open_camera = open_camera
        self._now = now
        self._left_behind: dict[threading.Thread, float] = {}
        """Threads of earlier attempts whose driver has not answered, and since when."""

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
        """Return for how long a driver has not answered; 0 where no driver is waited for."""
        began_s = [then for thread, then in self._left_behind.items() if thread.is_alive()]
        return self._now() - min(began_s) if began_s else 0.0

    def _leave_behind(self, began_s: float) -> None:
        """Note the threads that still wait in a driver: no camera is open at this moment, so nobody waits for them."""
        waiting = [thread for thread in threading.enumerate() if thread.name == CAPTURE_THREAD]
        self._left_behind = {thread: self._left_behind.get(thread, began_s) for thread in waiting}
