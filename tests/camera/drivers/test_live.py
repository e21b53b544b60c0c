"""The camera that reads in a thread: the newest frame, the rate, and what happens when the source fails."""

import threading

import numpy as np
import pytest

from assistant.camera.drivers.live import LiveCamera
from assistant.errors import CameraError
from assistant.frame import Frame


class GatedSource:
    """A source whose frames come when the test lets them come."""

    def __init__(self, fails_at=None):
        self.gate = threading.Semaphore(0)
        self.waiting = threading.Semaphore(0)
        self.closed = threading.Event()
        self.flows, self.number = False, 0
        self.fails_at = fails_at
        self.read, self.rates = [], []

    def open(self):
        """Do nothing."""

    def wait(self):
        """Wait for the test; raise an error at the number that is to fail."""
        self.waiting.release()
        if not self.flows:
            self.gate.acquire()
        self.number += 1
        if self.number == self.fails_at:
            raise CameraError("unplugged")
        return float(self.number)

    def flow(self):
        """Let frames come without end, so that the thread does not wait for one when it is told to stop."""
        self.flows = True
        self.gate.release()

    def grab(self):
        """Return the frame that was waited for."""
        self.read.append(self.number)
        return Frame(np.full((4, 4), self.number % 256, np.uint8), float(self.number))

    def set_rate(self, fps):
        """Keep the rate."""
        self.rates.append(fps)

    def close(self):
        """Keep that the source was closed."""
        self.closed.set()


def test_the_newest_frame_wins():
    """A frame that nobody read is replaced by the next one and counted as dropped."""
    source = GatedSource()
    camera = LiveCamera(source)
    source.waiting.acquire()
    for _ in range(3):
        source.gate.release()
        source.waiting.acquire()
    frame = camera.read(1.0)
    assert frame is not None
    assert (int(frame.gray[0, 0]), camera.dropped) == (3, 2)
    assert camera.read(0.0) is None
    source.flow()
    camera.close()
    assert source.closed.is_set()


def test_frames_that_nobody_wants_are_not_read():
    """The source gets the rate, frames between are not read, and none of them counts as dropped."""
    source = GatedSource()
    camera = LiveCamera(source)
    camera.set_rate(0.5)
    source.waiting.acquire()
    for _ in range(5):
        source.gate.release()
        source.waiting.acquire()
    assert (source.read, source.rates) == ([1, 3, 5], [0.5])
    camera.set_rate(float("inf"))
    for _ in range(3):
        source.gate.release()
        source.waiting.acquire()
    assert (source.read, source.rates) == ([1, 3, 5, 6, 7, 8], [0.5, float("inf")])
    assert camera.dropped == 5
    source.flow()
    camera.close()


def test_a_camera_that_stops_raises_after_its_last_frame():
    """The last frame can be read, then the error is raised, and the source is closed."""
    source = GatedSource(fails_at=2)
    camera = LiveCamera(source)
    source.waiting.acquire()
    source.gate.release()
    source.waiting.acquire()
    source.gate.release()
    assert source.closed.wait(5)
    assert camera.read(1.0) is not None
    with pytest.raises(CameraError, match="unplugged"):
        camera.read(1.0)
