"""A recording as a camera, frame by frame on the recording's clock."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from assistant.camera.camera import FrameSource
from assistant.camera.drivers.clocks import RecordingClock
from assistant.camera.drivers.live import CLOSE_TIMEOUT_S, OPEN_TIMEOUT_S, SILENT_RECORDING
from assistant.errors import CameraError
from assistant.frame import Frame

Result = TypeVar("Result")

PATIENCE_S = 0.5
"""`read` waits this long for a source that gives nothing, so that its caller can still end."""

logger = logging.getLogger(__name__)


class SteppedCamera:
    """Gives every frame of a recording, and moves the recording's clock to each frame's time."""

    dropped = 0

    def __init__(self, source: FrameSource, clock: RecordingClock, longest_wait_s: float = OPEN_TIMEOUT_S) -> None:
        """Begin to open the source, or raise CameraError; a slow source may still be opening afterwards.

        A source that gives nothing for `longest_wait_s` has failed: within that time it must open and give its first
        frame, and later each frame that it is asked for.
        """
        self._source = source
        self._clock = clock
        self._aside = _Aside()
        self._next: Frame | None = None
        self._coming: Future[Frame | None] | None = None
        self._has_begun = False
        self.ended = False
        self._opening = self._aside.begin(source.open)
        self._longest_wait_s = longest_wait_s
        self._until_s = time.monotonic() + longest_wait_s
        try:
            self._is_open()
        except BaseException:
            self._aside.end()
            raise

    def _is_open(self) -> bool:
        """Return whether the source is open by now; CameraError where it cannot be opened, or takes too long."""
        try:
            self._opening.result(PATIENCE_S)
        except TimeoutError:
            self._check_patience()
            return False
        return True

    def _check_patience(self) -> None:
        if time.monotonic() > self._until_s:
            raise CameraError(SILENT_RECORDING)

    def read(self, timeout_s: float) -> Frame | None:
        """Return the next frame; where it is more than `timeout_s` ahead, let that time pass and return None.

        Return None too while the source keeps its reader waiting, as a pipe may: no time of the recording passes then.
        CameraError where that takes too long.
        """
        if self._next is None:
            if not self._is_open():
                return None
            coming, self._coming = self._coming or self._asked(), None
            try:
                self._next = coming.result(PATIENCE_S)
            except TimeoutError:
                self._coming = coming
                self._check_patience()
                return None
            self._has_begun = True
        return self._due(self._next, timeout_s)

    def _asked(self) -> Future[Frame | None]:
        """Ask for the next frame."""
        if self._has_begun:
            self._until_s = time.monotonic() + self._longest_wait_s
        return self._aside.begin(self._source.grab)

    def _due(self, frame: Frame | None, timeout_s: float) -> Frame | None:
        if frame is None:
            self.ended = True
            return None
        if frame.t_s > self._clock.now() + timeout_s:
            self._clock.wait(timeout_s)
            return None
        self._next = None
        self._clock.advance_to(frame.t_s)
        return frame

    def set_rate(self, fps: float) -> None:
        """Do nothing: every frame of a recording is processed, so that each run is the same."""

    def close(self) -> None:
        """Close the source."""
        self._aside.begin(self._source.close)
        if not self._aside.end():
            logger.warning("the recording does not answer; the program goes on without it")


class _Aside:
    """Does one task after the other in a thread, which ends with the program even while a task still waits."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="recording", daemon=True)
        self._thread.start()

    def begin(self, task: Callable[[], Result]) -> Future[Result]:
        """Do this task next; the future has its result."""
        done: Future[Result] = Future()
        self._tasks.put(lambda: _fulfil(done, task))
        return done

    def end(self) -> bool:
        """Begin no more tasks; return whether all tasks were done within `CLOSE_TIMEOUT_S`."""
        self._tasks.put(None)
        self._thread.join(CLOSE_TIMEOUT_S)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()


def _fulfil(done: Future[Result], task: Callable[[], Result]) -> None:
    try:
        done.set_result(task())
    except Exception as error:  # it is raised where the result is waited for
        done.set_exception(error)
