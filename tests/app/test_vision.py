"""The vision loop: it opens the camera, sees, and reports faults of the camera."""

import numpy as np
import pytest

from assistant.app.vision import VisionLoop, sees_nothing
from assistant.camera.drivers.clocks import RecordingClock
from assistant.camera.frame_rate import FrameRatePolicy, FrameRateSettings
from assistant.camera.settings import CameraSettings
from assistant.camera.watchdog import CameraWatch
from assistant.emotion.observation import Observation
from assistant.errors import CameraError
from assistant.faults import Fault
from tests.builders.vision import vision
from tests.fakes.cameras import BRIGHT, ScriptedCamera, faults

pytestmark = pytest.mark.runtime

DARK = np.full((48, 64), 4, np.uint8)


def test_a_camera_that_breaks_is_opened_again():
    """The camera is opened again after growing pauses; its loss and its return are reported once each."""
    clock = RecordingClock()
    broken = ScriptedCamera(clock, BRIGHT, CameraError("unplugged"), BRIGHT)
    cameras = [broken, CameraError("not there"), CameraError("not there"), ScriptedCamera(clock, *[BRIGHT] * 30)]

    def open_camera():
        camera = cameras.pop(0)
        if isinstance(camera, Exception):
            raise camera
        return camera

    looking = vision(clock, open_camera)
    looking.open()
    told = faults(looking, clock, 15.0)
    assert [fault for _, fault in told] == [Fault.CAMERA_LOST, Fault.CAMERA_BACK]
    assert broken.closed
    assert looking.dropped == 2


def test_a_camera_that_stays_away_and_a_recording_that_breaks_end_it():
    """A live camera may be away for the time in the settings, a recording not at all."""
    clock = RecordingClock()
    looking = vision(clock, lambda: ScriptedCamera(clock, CameraError("gone"), CameraError("gone")), give_up_s=10.0)
    looking.open()
    with pytest.raises(CameraError, match="did not come back"):
        faults(looking, clock, 100.0)
    recording = vision(clock, lambda: ScriptedCamera(clock, CameraError("cannot be read")), reopens=False)
    recording.open()
    with pytest.raises(CameraError, match="cannot be read"):
        recording.take(1.0)


class Somebody:
    """A perception that sees one person in bright frames and nobody in others, and notes when all is still."""

    def __init__(self):
        self.still = []

    def perceive(self, picture, now, *, still=False):
        """Observe one person or nobody."""
        del now
        self.still.append(still)
        return Observation(None, people=int(picture.mean() > 200))


def test_nobody_and_nothing_moving_is_looked_at_less_often():
    """After ten seconds without people or motion the rate falls; motion, a person or a load to reduce sets it anew."""
    clock = RecordingClock()
    other, bright = BRIGHT[::-1], np.full((48, 64), 230, np.uint8)
    pictures = [*[BRIGHT] * 12, other, *[other] * 10, *[bright] * 12, bright]
    camera = ScriptedCamera(clock, *pictures)
    watch = CameraWatch(CameraSettings(), 0.0)
    perception = Somebody()
    looking = VisionLoop(lambda: camera, perception, watch, clock, True, FrameRatePolicy(FrameRateSettings(), 3.0))
    looking.open()
    quiet = []
    for number in range(len(pictures)):
        looking.reduce_load(number == len(pictures) - 1)
        quiet += [result.is_quiet for result in looking.take(1.0)]
    everything = float("inf")
    idle = [everything] * 10 + [3.0] * 2, [everything] * 10 + [3.0], [everything] * 12
    assert camera.rates == [*idle[0], *idle[1], *idle[2], 8.0]
    assert quiet == [rate == 3.0 for rate in camera.rates]
    # the frame after each fall of the rate, but not the one in which something moves; a change of light is no movement
    assert [number for number, still in enumerate(perception.still) if still] == [11, 23]


def test_without_a_pace_the_camera_is_left_alone():
    """Without a policy for the frame rate, as for a recording, no rate is set."""
    clock = RecordingClock()
    camera = ScriptedCamera(clock, *[BRIGHT] * 20)
    looking = vision(clock, lambda: camera)
    looking.open()
    faults(looking, clock, 20.0)
    assert camera.rates == []


def test_a_covered_camera_is_told():
    """Frames that are dark and without shapes for ten seconds are a covered camera; a white wall is not."""
    clock = RecordingClock()
    looking = vision(clock, lambda: ScriptedCamera(clock, BRIGHT, *[DARK] * 15, *[BRIGHT] * 9))
    looking.open()
    assert faults(looking, clock, 20.0) == [(11.0, Fault.CAMERA_COVERED), (17.0, Fault.CAMERA_BACK)]
    assert sees_nothing(DARK)
    assert not sees_nothing(BRIGHT)
    assert not sees_nothing(np.full((48, 64), 200, np.uint8))  # a white wall near by
    assert not sees_nothing(np.zeros((0, 0), np.uint8))
