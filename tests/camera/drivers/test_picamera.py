"""The Pi's camera, on a stand-in with the names of Picamera2."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.camera.drivers.picamera import PicameraSource, gray_plane
from assistant.errors import CameraError

pytestmark = pytest.mark.runtime

ROOT = Path(__file__).resolve().parents[3]
WIDTH, HEIGHT, STRIDE = 64, 48, 96


class Request:
    """A frame's memory, which must be given back."""

    def __init__(self, camera, number):
        self.camera, self.number = camera, number

    def make_buffer(self, name):
        """Return a copy of a planar picture whose gray level is the frame's number."""
        assert name == "main"
        self.camera.copied.append(self.number)
        return np.full(STRIDE * HEIGHT * 3 // 2, self.number, np.uint8)

    def release(self):
        """Give the buffer back."""
        self.camera.held -= 1


class Picamera2:
    """A stand-in for the parts of Picamera2 that are used."""

    _cm = SimpleNamespace(reset=lambda: None)
    made: "list[Picamera2]" = []  # noqa: RUF012 - each test takes the last one

    _raw_modes: "list[dict]" = []  # noqa: RUF012 - a sensor's are another class's
    crops: "dict" = {}  # noqa: RUF012 - as above
    controls: "dict" = {}  # noqa: RUF012 - as above

    def __init__(self):
        Picamera2.made.append(self)
        self.camera_controls = {"FrameDurationLimits": (1, 2, 3), **self.controls}
        self.told, self.copied, self.held, self.number, self.closed = [], [], 0, 0, False
        self.configurations = []

    @classmethod
    def global_camera_info(cls):
        """Return one camera."""
        return [{"Model": "imx219", "Id": f"/base/soc/i2c0mux/i2c@1/{cls.__name__}@10"}]

    def create_video_configuration(self, main, controls):
        """Return what was asked for, with the entries that Picamera2 adds."""
        self.told.append(controls)
        return {"main": main, "raw": {"size": main["size"]}, "sensor": {}}

    def configure(self, configuration):
        """Keep the configuration."""
        self.configurations.append(configuration)
        self.main = configuration["main"] | {"stride": STRIDE}
        crop = self.crops.get(configuration["sensor"].get("output_size"))
        self.camera_controls |= {"ScalerCrop": (None, crop, crop)} if crop else {}

    def camera_configuration(self):
        """Return the configuration that is in force."""
        return {"main": self.main}

    def start(self):
        """Do nothing."""

    def capture_request(self, wait):
        """Return the next frame; the third one never comes."""
        self.number += 1
        if self.number == 3:
            raise TimeoutError
        self.held += 1
        return Request(self, self.number)

    def set_controls(self, controls):
        """Keep the controls."""
        self.told.append(controls)

    def close(self):
        """Keep that the camera was closed."""
        self.closed = True


class Module3(Picamera2):
    """A camera whose sensor has modes and whose lens moves."""

    _raw_modes = [{"format": "SBGGR10_CSI2P", "size": size} for size in ((1536, 864), (2304, 1296))]  # noqa: RUF012
    crops = {(1536, 864): (768, 432, 3072, 1728), (2304, 1296): (0, 0, 4608, 2592)}  # noqa: RUF012
    controls = {"AfMode": (0, 2, 0), "LensPosition": (0.0, 15.0, 1.0)}  # noqa: RUF012


def opened_on(monkeypatch, kind):
    """Return an open source on this stand-in, and the stand-in."""
    monkeypatch.setitem(sys.modules, "picamera2", SimpleNamespace(Picamera2=kind))
    source = PicameraSource(WIDTH, HEIGHT, 15.0)
    source.open()
    return source, Picamera2.made[-1]


@pytest.fixture
def opened(monkeypatch):
    """Yield an open source on the plain stand-in, and the stand-in."""
    source, camera = opened_on(monkeypatch, Picamera2)
    yield source, camera
    source.close()


def test_a_frame_that_nobody_wants_is_not_copied_and_is_given_back(opened):
    """Only the frame that was waited for is held, and a frame that is not grabbed is never copied."""
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
    """The rate is set as microseconds a frame, within the rate at the start and the slowest rate."""
    source, camera = opened
    for fps in (8.0, 3.0, float("inf")):
        source.set_rate(fps)
    durations = [controls["FrameDurationLimits"] for controls in camera.told]
    assert durations == [(66667, 66667), (125000, 125000), (200000, 200000), (66667, 66667)]


def test_a_camera_without_limits_of_its_own_is_told_none(monkeypatch, opened):
    """Another sensor, or libcamera's virtual camera, gets no frame duration."""
    source, camera = opened
    camera.camera_controls = {}
    source.set_rate(3.0)
    assert camera.told[1:] == [{}]


def test_a_camera_that_hangs_is_told_of_and_closed(opened):
    """The frame that was held is given back although the next one never comes."""
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


def test_a_plain_camera_is_configured_once_as_picamera2_proposes(opened):
    """A camera without modes and with a fixed lens gets one configuration."""
    _, camera = opened
    assert [(each["raw"], each["sensor"]) for each in camera.configurations] == [({"size": (WIDTH, HEIGHT)}, {})]
    assert camera.told == [{"FrameDurationLimits": (66667, 66667)}]


def test_the_sensor_shows_all_and_the_lens_follows(monkeypatch):
    """The modes of the sensor are tried at the first opening, and known at the second."""
    widest = {"output_size": (2304, 1296), "bit_depth": 10}
    for tried in (2, 0):
        source, camera = opened_on(monkeypatch, Module3)
        assert len(camera.configurations) == tried + 1
        assert camera.configurations[-1] == {
            "main": {"size": (WIDTH, HEIGHT), "format": "YUV420"},
            "raw": None,
            "sensor": widest,
        }
        assert camera.told == [{"FrameDurationLimits": (66667, 66667), "AfMode": 2}]
        source.set_rate(5.0)
        assert camera.told[-1] == {"FrameDurationLimits": (200000, 200000)}
        source.close()


class Trixie(Picamera2):
    """A Zero 2 W with Raspberry Pi OS 13: memory for frames is short (raspberrypi/picamera2#1358, #1404)."""

    _raw_modes = [{"format": "SRGGB10_CSI2P", "size": size} for size in ((640, 480), (1640, 1232))]  # noqa: RUF012
    crops = {None: (1000, 752, 1280, 960), (640, 480): (1000, 752, 1280, 960)}  # noqa: RUF012
    camera_properties = {"Model": "imx219", "PixelArraySize": (3280, 2464)}  # noqa: RUF012
    refused = staticmethod(lambda configuration: configuration["sensor"])
    startable = True

    def configure(self, configuration):
        """Refuse what takes too much memory, as Picamera2's allocator does."""
        super().configure(configuration)
        if self.refused(configuration):
            raise OSError(12, "Cannot allocate memory")

    def start(self):
        """Fail, where the memory is used up."""
        if not self.startable:
            raise RuntimeError("Failed to start camera: Cannot allocate memory")


FALLBACKS = {
    "no mode can be tried": (lambda each: each["sensor"], [{"raw": {"size": (WIDTH, HEIGHT)}}]),
    "raw frames need too much": (lambda each: each["sensor"] or each["raw"], [{"raw": None}]),
    "six frames need too much": (lambda each: "buffer_count" not in each, [{"raw": None, "buffer_count": 3}]),
}


@pytest.mark.parametrize(("refused", "taken"), FALLBACKS.values(), ids=FALLBACKS)
def test_without_memory_for_modes_the_default_mode_is_taken(monkeypatch, caplog, refused, taken):
    """The log says why, how much of the sensor is left, and which angle to set."""
    kind = type(f"Trixie{len(taken[0])}{taken[0]['raw'] is None}", (Trixie,), {"refused": staticmethod(refused)})
    source, camera = opened_on(monkeypatch, kind)
    last = camera.configurations[-1]
    assert [last | taken[0]] == [last]
    assert last["sensor"] == {}
    assert source.grab().gray.shape == (HEIGHT, WIDTH)
    assert "the camera's sensor mode 1640x1232 cannot be used: [Errno 12] Cannot allocate memory" in caplog.messages
    assert PicameraSource.view == caplog.messages[-1]
    assert caplog.messages[-1] == (
        "the mode shows 39% of the sensor's width and 39% of its height, so people at the sides are not seen; "
        "set view_deg = 26.5 under [camera], since distances are calculated from it"
    )
    source.close()
    tried = len(camera.configurations)
    source, camera = opened_on(monkeypatch, kind)
    assert len(camera.configurations) == tried - 2, "the modes are not tried again"
    source.close()


def test_a_camera_that_does_not_start_after_its_modes_is_made_anew(monkeypatch, caplog):
    """The first object is closed, and the second one tries no mode."""

    class Once(Trixie):
        @property
        def startable(self):
            """Only an object that has tried no mode starts."""
            return not any(each["sensor"] for each in self.configurations)

    source, camera = opened_on(monkeypatch, Once)
    assert camera.closed is False
    assert [each["sensor"] for each in camera.configurations] == [{}]
    assert Picamera2.made[-2].closed
    assert any("it is started again without its sensor modes" in message for message in caplog.messages)
    source.close()


def test_a_camera_that_never_starts_is_told_of(monkeypatch):
    """The reason is Picamera2's, the camera is closed, and another source can have it."""
    kind = type("Never", (Trixie,), {"startable": False})
    with pytest.raises(CameraError, match=r"does not start: .*Cannot allocate memory"):
        opened_on(monkeypatch, kind)
    assert Picamera2.made[-1].closed
    opened_on(monkeypatch, Picamera2)[0].close()


HANGS = """
import ctypes, sys
from types import SimpleNamespace
from assistant.camera.drivers import picamera
from tests.camera.drivers.test_picamera import Picamera2

class Hanging(Picamera2):
    def {where}(self):
        ctypes.PyDLL(None).sleep(60)  # keeps the interpreter's lock, as libcamera does

picamera.HANG_S = 0.5
sys.modules["picamera2"] = SimpleNamespace(Picamera2=Hanging)
source = picamera.PicameraSource(64, 48, 15.0)
source.open()
source.close()
"""


@pytest.mark.parametrize("where", ["start", "close"])
def test_a_driver_that_hangs_with_pythons_lock_ends_the_program(where):
    """The program ends with code 1 and a traceback, so that systemd starts it again at once."""
    command = [sys.executable, "-c", HANGS.format(where=where)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, cwd=ROOT)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Timeout")
    assert f"in {where}" in ended.stderr


def test_the_gray_plane_is_the_start_of_a_yuv_buffer():
    """The gray lines lie `stride` bytes apart, and the colours behind them are ignored."""
    luma = np.arange(6 * 8, dtype=np.uint8).reshape(6, 8)
    buffer = np.concatenate([luma.ravel(), np.full(24, 128, np.uint8)])
    assert np.array_equal(gray_plane(buffer, (5, 6), 8), luma[:, :5])
