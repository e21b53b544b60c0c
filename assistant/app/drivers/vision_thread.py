"""Looks in a thread of its own, so that neither a slow network nor a hanging camera keeps a press waiting."""

from __future__ import annotations

import collections
import logging
import threading
import time
from collections.abc import Callable

from assistant.app.vision import Vision, VisionResult
from assistant.errors import CameraError

LOOK_TIMEOUT_S = 0.1
CLOSE_TIMEOUT_S = 0.7
"""A camera takes half a second of it at most; the whole program ends within two."""

logger = logging.getLogger(__name__)


class ThreadedVision:
    """Hands on what another sight sees; `take` waits at most as long as it is told to."""

    def __init__(self, vision: Vision, now: Callable[[], float] = time.monotonic) -> None:
        self._vision = vision
        self._now = now
        self._came_back_s = now()
        self._sightings: collections.deque[VisionResult] = collections.deque()
        self._error: Exception | None = None
        self._over = False
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sight", daemon=True)

    def open(self) -> None:
        """Begin; a camera that cannot be opened is told by `take`."""
        self._thread.start()

    def take(self, timeout_s: float) -> list[VisionResult]:
        """Sightings since the last call; what went wrong in the thread is raised here."""
        with self._changed:
            self._changed.wait_for(lambda: self._sightings or self._over, timeout_s)
            taken = list(self._sightings)
            self._sightings.clear()
            if not taken and self._error is not None:
                raise self._error
            return taken

    def reduce_load(self, needed: bool) -> None:
        """Whether the machine is to be spared from now on."""
        self._vision.reduce_load(needed)

    @property
    def opened(self) -> bool:
        """Whether the camera could be opened at all."""
        return self._vision.opened

    @property
    def ended(self) -> bool:
        """Whether a recording is over and every sighting was taken."""
        with self._changed:
            return self._over and not self._sightings and self._error is None

    @property
    def dropped(self) -> int:
        """Frames that nobody looked at."""
        return self._vision.dropped

    def away_s(self) -> float:
        """For how long the thread has not come back from the last look, which is short, or has tried to open it."""
        return 0.0 if self._over else self._now() - self._came_back_s

    def close(self) -> None:
        """End the thread; one whose driver does not come back is left behind, and ends with the program."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_TIMEOUT_S)
        if self._thread.is_alive():
            logger.warning("the camera's driver does not answer; it is left behind")

    def _run(self) -> None:
        self._came_back_s = self._now()
        try:
            self._vision.open()
            while not self._stop.is_set() and not self._vision.ended:
                self._put(self._vision.take(LOOK_TIMEOUT_S))
        except Exception as error:  # a driver may raise anything, and this thread must tell
            self._error = error if isinstance(error, CameraError) else CameraError(f"seeing failed: {error!r}")
        finally:
            with self._changed:
                self._over = True
                self._changed.notify()
            self._vision.close()

    def _put(self, sightings: list[VisionResult]) -> None:
        self._came_back_s = self._now()
        with self._changed:
            self._sightings.extend(sightings)
            self._changed.notify()
