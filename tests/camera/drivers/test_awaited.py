"""A camera that may be missing, and a driver that may never return."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from assistant.app.vision import VisionLoop
from assistant.camera.drivers.awaited import MOST_LEFT_BEHIND, AwaitedCamera
from assistant.camera.drivers.clocks import RecordingClock
from assistant.camera.drivers.live import LiveCamera
from assistant.camera.settings import CameraSettings
from assistant.camera.watchdog import CameraWatch
from assistant.errors import CameraError
from assistant.faults import Fault
from assistant.frame import Frame
from tests.fakes.cameras import BRIGHT, Nobody, ScriptedCamera, faults


def test_a_camera_that_is_missing_is_waited_for():
    """Its loss is reported once, and it is tried again at growing intervals without end."""
    clock = RecordingClock()
    attempts = []

    def open_camera():
        attempts.append(clock.now())
        if clock.now() < 1000:
            raise CameraError("not there")
        return ScriptedCamera(clock, *[BRIGHT] * 60)

    watch = CameraWatch(CameraSettings(), 0.0, gives_up=False)
    vision = VisionLoop(AwaitedCamera(open_camera).open, Nobody(), watch, clock, reopens=True)
    vision.open()
    told = faults(vision, clock, 900.0)
    assert [fault for _, fault in told] == [Fault.CAMERA_LOST]
    pauses = [round(later - earlier) for earlier, later in pairwise(attempts)]
    assert pauses[:7] == [1, 2, 4, 8, 16, 30, 30]
    assert 0 < watch.retry_in_s(clock.now()) <= 30
    told = faults(vision, clock, 1034.0)
    assert [fault for _, fault in told] == [Fault.CAMERA_BACK]
    assert watch.retry_in_s(clock.now()) == 0


class HangingSource:
    """A source that gives one frame, and whose driver then hangs until the test lets it go."""

    def __init__(self):
        self.let_go, self.hangs = threading.Event(), threading.Event()
        self.given = False

    def open(self):
        """Do nothing."""

    def wait(self):
        """Return the time of the first frame, then hang."""
        if self.given:
            self.hangs.set()
            self.let_go.wait(20)
            raise CameraError("let go")
        self.given = True
        return 0.0

    def grab(self):
        """Return the frame."""
        return Frame(np.zeros((4, 4), np.uint8), 0.0)

    def set_rate(self, fps):
        """Do nothing."""

    def close(self):
        """Do nothing."""


class Hand:
    """A clock whose time the test sets."""

    now_s = 100.0

    def __call__(self):
        """Return the time."""
        return self.now_s


def test_a_driver_that_does_not_come_back_is_noticed():
    """The driver counts as stuck while new attempts are refused, and no longer once it has returned."""
    source, clock = HangingSource(), Hand()
    cameras = [source]

    def open_camera():
        if not cameras:
            raise CameraError("busy")
        return LiveCamera(cameras.pop())

    awaited = AwaitedCamera(open_camera, clock)
    camera = awaited.open()
    assert camera.read(5.0) is not None
    assert source.hangs.wait(5)
    camera.close()
    assert awaited.stuck_s() == 0  # nobody has tried again yet
    for clock.now_s in (101.0, 105.0, 131.0):
        with pytest.raises(CameraError, match="busy"):
            awaited.open().read(0.1)
    assert awaited.stuck_s() == 30.0
    waiting = [thread for thread in threading.enumerate() if thread.name == "camera"]
    source.let_go.set()
    for thread in waiting:
        thread.join(5)
    assert awaited.stuck_s() == 0


def test_only_so_many_drivers_are_left_behind():
    """After a number of drivers that never returned, the camera is not opened any more, since each keeps a thread."""
    sources = []

    def open_camera():
        sources.append(HangingSource())
        return LiveCamera(sources[-1])

    awaited = AwaitedCamera(open_camera)
    for _ in range(MOST_LEFT_BEHIND):
        camera = awaited.open()
        assert camera.read(5.0) is not None
        assert sources[-1].hangs.wait(5)
        camera.close()
    with pytest.raises(CameraError, match="the camera's driver does not answer: restart the program"):
        awaited.open().read(0.1)
    assert len(sources) == MOST_LEFT_BEHIND
    for source in sources:
        source.let_go.set()
