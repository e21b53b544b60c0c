"""The vision loop in a thread of its own: a camera that hangs keeps the service waiting for no longer than it asks."""

import threading

import pytest

from assistant.app.drivers.vision_thread import ThreadedVision
from assistant.app.vision import VisionResult
from assistant.app.wakeup import Wakeup
from assistant.camera.drivers.clocks import RecordingClock
from assistant.emotion.observation import Observation
from assistant.errors import CameraError
from tests.builders.vision import vision
from tests.fakes.cameras import BRIGHT, ScriptedCamera


class HangingSight:
    """A vision that hangs while its camera is opened, until the test lets it go."""

    dropped = 0
    opened = ended = False

    def __init__(self, *, is_quiet=False):
        self.is_quiet = is_quiet
        self.let_go = threading.Event()
        self.closed, self.asked_again = threading.Event(), threading.Event()

    def open(self):
        """Hang until the test lets go."""
        self.let_go.wait(10)

    def reduce_load(self, needed):
        """Do nothing."""

    def take(self, timeout_s):
        """Return one result, and then nothing."""
        del timeout_s
        if self.closed.is_set():
            self.asked_again.set()  # by now the result was kept
            return []
        self.closed.set()
        return [VisionResult(1.0, is_quiet=self.is_quiet)]

    def close(self):
        """Do nothing."""


def test_a_hanging_camera_keeps_nobody_waiting():
    """`take` returns in time while the camera hangs, and brings what was seen once the camera has opened."""
    hanging = HangingSight()
    looking = ThreadedVision(hanging)
    looking.open()
    assert looking.take(0.01) == []
    assert not looking.ended
    hanging.let_go.set()
    assert [each.t_s for each in looking.take(5.0)] == [1.0]
    looking.close()


@pytest.mark.parametrize("quiet", [True, False])
def test_a_quiet_result_wakes_nobody(quiet):
    """A result is taken at once, or, where it is quiet, with the next turn of the loop."""
    hanging, wakeup = HangingSight(is_quiet=quiet), Wakeup()
    looking = ThreadedVision(hanging, wakeup)
    looking.open()
    hanging.let_go.set()
    if quiet:
        assert hanging.asked_again.wait(10)
        wakeup.set()
    assert len(looking.take(60.0)) == 1
    looking.close()


def test_what_goes_wrong_in_the_thread_is_raised_outside():
    """An error of the thread is raised by `take`, after everything that was seen before it."""
    clock = RecordingClock()
    looking = ThreadedVision(vision(clock, lambda: ScriptedCamera(clock, BRIGHT, CameraError("torn")), reopens=False))
    looking.open()
    first = looking.take(5.0)
    assert [each.observation for each in first] == [Observation(None)]
    with pytest.raises(CameraError, match="torn"):
        looking.take(5.0)
    assert not looking.ended
    looking.close()
