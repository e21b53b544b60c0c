"""The light that tells other people that the camera sees."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.outputs.drivers.gpio_outputs import GpioOutput

OFF_AFTER_S = 2.0
"""The light goes off this long after the last frame. While nobody is there, half a second may lie between two."""

CLOSE_TIMEOUT_S = 1.0


class CameraLight:
    """A sink of frames: the light is on while frames come. A thread switches it, so that no frame waits for it."""

    def __init__(self, gpio: int, now: Callable[[], float] = time.monotonic, off_after_s: float = OFF_AFTER_S) -> None:
        """Take the pin; raise OutputError, which says what is missing."""
        self._output = GpioOutput("light.gpio", gpio)
        self._now = now
        self._off_after_s = off_after_s
        self._frame_s = float("-inf")
        self._is_on = self._is_closed = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="light", daemon=True)
        self._thread.start()

    def show(self, frame: object, face: object, stable: object, state: object) -> None:  # noqa: ARG002 - a frame came
        """Note that a frame came."""
        self._frame_s = self._now()
        if not self._is_on:
            self._wake.set()

    def close(self) -> None:
        """Switch the light off and free its pin; a second call does nothing."""
        self._is_closed = True
        self._wake.set()
        self._thread.join(CLOSE_TIMEOUT_S)
        self._output.close()

    def _run(self) -> None:
        while not self._is_closed:
            left_s = self._frame_s + self._off_after_s - self._now()
            self._switch(left_s > 0)
            self._wake.wait(left_s if self._is_on else None)
            self._wake.clear()

    def _switch(self, is_on: bool) -> None:
        if is_on != self._is_on:
            self._is_on = is_on
            self._output.set(int(is_on))
