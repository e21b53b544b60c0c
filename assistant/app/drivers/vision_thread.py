"""Scans in a thread, so that neither a slow network nor a hanging camera delays a press of the button."""

from __future__ import annotations

import collections
import logging
import threading
import time
from collections.abc import Callable

from assistant.app.vision import Vision, VisionResult
from assistant.app.wakeup import Wakeup
from assistant.errors import CameraError

TAKE_TIMEOUT_S = 0.25
CLOSE_TIMEOUT_S = 0.7
"""A camera needs up to half a second to close, and the whole program ends within two."""

logger = logging.getLogger(__name__)


class ThreadedVision:
    """Runs another vision in a thread and hands on its results; `take` waits no longer than its timeout."""

    def __init__(self, vision: Vision, wakeup: Wakeup | None = None, now: Callable[[], float] = time.monotonic) -> None:
        """`take` waits for the `wakeup`, which every result sets but a quiet one; whatever else sets it counts too."""
        self._vision = vision
        self._wakeup = wakeup or Wakeup()
        self._now = now
        self._came_back_s = now()
        self._results: collections.deque[VisionResult] = collections.deque()
        self._error: Exception | None = None
        self._over = False
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="vision", daemon=True)

    def open(self) -> None:
        """Start the thread; `take` raises the error of a camera that cannot be opened."""
        self._thread.start()

    def take(self, timeout_s: float) -> list[VisionResult]:
        """Return the results since the last call; an error of the thread is raised here."""
        if not self._results and not self._over:
            self._wakeup.wait(timeout_s)
        with self._lock:
            taken = list(self._results)
            self._results.clear()
            if not taken and self._error is not None:
                raise self._error
            return taken

    def reduce_load(self, needed: bool) -> None:
        """Ask for fewer frames, or no longer."""
        self._vision.reduce_load(needed)

    @property
    def opened(self) -> bool:
        """Whether the camera was ever open."""
        return self._vision.opened

    @property
    def ended(self) -> bool:
        """Whether a recording is over and every result was taken."""
        with self._lock:
            return self._over and not self._results and self._error is None

    @property
    def dropped(self) -> int:
        """The number of frames that were never scanned."""
        return self._vision.dropped

    def away_s(self) -> float:
        """Return for how many seconds the thread has been in the driver; a scan itself is short."""
        return 0.0 if self._over else self._now() - self._came_back_s

    def close(self) -> None:
        """End the thread. A thread whose driver does not come back is left behind, and ends with the program."""
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
                self._put(self._vision.take(TAKE_TIMEOUT_S))
        except Exception as error:  # a driver may raise anything, and this thread must tell
            self._error = error if isinstance(error, CameraError) else CameraError(f"scanning failed: {error!r}")
        finally:
            with self._lock:
                self._over = True
            self._wakeup.set()
            self._vision.close()

    def _put(self, results: list[VisionResult]) -> None:
        self._came_back_s = self._now()
        if results:
            with self._lock:
                self._results.extend(results)
            if not all(each.is_quiet for each in results):
                self._wakeup.set()
