"""The Raspberry Pi's camera, as far as it can be tried without one: a stand-in for picamera2 itself."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.adapters.picamera import PicameraSource
from assistant.errors import CameraError

pytestmark = pytest.mark.runtime

WIDTH, HEIGHT, STRIDE = 64, 48, 96


class Request:
    """A frame's memory, which must be given back."""

    def __init__(self, camera, number):
        self.camera, self.number = camera, number

    def make_buffer(self, name):
        """A copy of a planar picture; `number` is its gray."""
        assert name == "main"
        self.camera.copied.append(self.number)
        return np.full(STRIDE * HEIGHT * 3 // 2, self.number, np.uint8)

    def release(self):
        """Give it back."""
        self.camera.held -= 1


class Picamera2:
    """What of the real one is used, with its names."""

    _cm = SimpleNamespace(reset=lambda: None)
    made: "list[Picamera2]" = []  # noqa: RUF012 - each test takes the last one

    def __init__(self):
        Picamera2.made.append(self)
        self.camera_controls = {"FrameDurationLimits": (1, 2, 3)}
        self.told, self.copied, self.held, self.number, self.closed = [], [], 0, 0, False

    @staticmethod
    def global_camera_info():
        """One is there."""
        return [{"Model": "imx219"}]

    def create_video_configuration(self, main, controls):
        """As it was asked for."""
        self.told.append(controls)
        return main

    def configure(self, configuration):
        """Take it."""
        self.main = configuration | {"stride": STRIDE}

    def camera_configuration(self):
        """What was taken."""
        return {"main": self.main}

    def start(self):
        """Nothing to do."""

    def capture_request(self, wait):
        """The next frame; the third never comes."""
        self.number += 1
        if self.number == 3:
            raise TimeoutError
        self.held += 1
        return Request(self, self.number)

    def set_controls(self, controls):
        """Remember them."""
        self.told.append(controls)

    def close(self):
        """Remember it."""
        self.closed = True


@pytest.fixture
def opened(monkeypatch):
    """A source on the stand-in, and the stand-in."""
    monkeypatch.setitem(sys.modules, "picamera2", SimpleNamespace(Picamera2=Picamera2))
    source = PicameraSource(WIDTH, HEIGHT, 15.0)
    source.open()
    yield source, Picamera2.made[-1]
    source.close()


def test_a_frame_that_nobody_wants_is_not_copied_and_is_given_back(opened):
    """Nothing is held but the frame that was waited for."""
    source, camera = opened
    source.wait()
    waited_s = source.wait()
    assert (camera.copied, camera.held) == ([], 1)
    frame = source.grab()
    assert (camera.copied, camera.held) == ([2], 0)
    assert frame.t_s == waited_s
    assert frame.gray.shape == (HEIGHT, WIDTH)
    assert np.all(frame.gray == 2)


def test_the_sensor_is_told_the_rate(opened):
    """In microseconds from frame to frame; never faster than it was opened for, nor slower than the slowest."""
    source, camera = opened
    for fps in (8.0, 3.0, float("inf")):
        source.set_rate(fps)
    durations = [controls["FrameDurationLimits"] for controls in camera.told]
    assert durations == [(66667, 66667), (125000, 125000), (200000, 200000), (66667, 66667)]


def test_a_camera_without_limits_of_its_own_is_told_none(monkeypatch, opened):
    """Another sensor, or libcamera's virtual camera."""
    source, camera = opened
    camera.camera_controls = {}
    source.set_rate(3.0)
    assert camera.told[1:] == [{}]


def test_a_camera_that_hangs_is_told_of_and_closed(opened):
    """The frame that was held is given back, though another does not come."""
    source, camera = opened
    source.wait()
    source.wait()
    with pytest.raises(CameraError, match="none came within 5 seconds"):
        source.wait()
    assert camera.held == 0
    source.close()
    source.close()
    assert camera.closed
    source.set_rate(3.0)
    with pytest.raises(CameraError, match="is not open"):
        source.grab()
