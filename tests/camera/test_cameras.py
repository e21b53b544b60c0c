"""Cameras: one suite of cases for all, and what each source does."""

import re
import threading
import tomllib

import cv2
import numpy as np
import pytest

from assistant.app.settings import parse_settings
from assistant.camera.choose import camera_opener, upright_source
from assistant.camera.drivers.auto import AutoSource
from assistant.camera.drivers.clocks import MonotonicClock, RecordingClock
from assistant.camera.drivers.live import LiveCamera
from assistant.camera.drivers.picamera import PicameraSource, gray_plane
from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.drivers.simulated import SimulatedSource, parse_script
from assistant.camera.drivers.stepped import SteppedCamera
from assistant.camera.drivers.webcam import WebcamSource
from assistant.camera.drivers.webcam_names import named_webcams, webcam_number, webcams
from assistant.camera.registry import parse_camera
from assistant.camera.settings import CameraSettings
from assistant.camera.turned import TurnedSource
from assistant.errors import CameraError, ConfigError
from assistant.frame import Frame
from assistant.pictures.turning import Turn

pytestmark = pytest.mark.runtime


@pytest.fixture
def folder(tmp_path):
    """Five pictures."""
    for number in range(5):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((120, 160), 40 * number, np.uint8))
    return tmp_path


class GatedSource:
    """Frames that come when the test lets them: the test acts as the world."""

    def __init__(self, fails_at=None):
        self.gate = threading.Semaphore(0)
        self.waiting = threading.Semaphore(0)
        self.closed = threading.Event()
        self.number = 0
        self.fails_at = fails_at
        self.read, self.rates = [], []

    def open(self):
        """Nothing to do."""

    def wait(self):
        """Wait for the gate; fail where told."""
        self.waiting.release()
        self.gate.acquire()
        self.number += 1
        if self.number == self.fails_at:
            raise CameraError("unplugged")
        return None if self.number > 9 else float(self.number)

    def grab(self):
        """The frame that was waited for."""
        self.read.append(self.number)
        return Frame(np.full((4, 4), self.number, np.uint8), float(self.number))

    def set_rate(self, fps):
        """Remember it."""
        self.rates.append(fps)

    def close(self):
        """Remember it."""
        self.closed.set()


def read_all(camera):
    """Every frame until the end."""
    frames = []
    while not camera.ended:
        frame = camera.read(1.0)
        if frame is not None:
            frames.append(frame)
    return frames


SOURCES = {
    "folder": lambda folder: ReplaySource(folder, 10),
    "video": lambda folder: ReplaySource(_video(folder), 10),
    "simulated": lambda folder: SimulatedSource("happy 0.3", 160, 120),
}


def _video(folder):
    path = folder / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    for number in range(5):
        writer.write(np.full((120, 160, 3), 40 * number, np.uint8))
    writer.release()
    return path


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_stepped_camera_gives_every_frame_and_moves_the_clock(source, folder):
    """In order, at the recording's times, gray."""
    clock = RecordingClock()
    camera = SteppedCamera(source(folder), clock)
    frames = read_all(camera)
    times = [frame.t_s for frame in frames]
    assert times == sorted(set(times))
    assert len(frames) == 5
    assert clock.now() == pytest.approx(times[-1])
    assert all(frame.gray.shape == (120, 160) and frame.gray.dtype == np.uint8 for frame in frames)
    assert camera.dropped == 0


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_live_camera_ends_and_closes(source, folder):
    """The last frame is read before it has ended."""
    camera = LiveCamera(source(folder), paced_by=MonotonicClock(from_zero=True))
    frames = read_all(camera)
    assert len(frames) + camera.dropped == 5
    assert camera.read(0.0) is None
    camera.close()
    camera.close()


def test_the_newest_frame_wins():
    """Frames that nobody read are replaced and counted."""
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
    source.gate.release()
    camera.close()
    assert source.closed.is_set()


def test_frames_that_nobody_wants_are_not_read():
    """The source is told the rate, the frames between are let go, and none of them counts as dropped."""
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
    source.gate.release()
    camera.close()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_frame_is_read_once_however_it_was_waited_for(source, folder):
    """Read after `wait`, let go by the next `wait`, or read without any."""
    played = source(folder)
    played.open()
    first_s, second_s = played.wait(), played.wait()
    second, third = played.grab(), played.grab()
    assert first_s is not None
    assert second_s is not None
    assert first_s < second_s == second.t_s < third.t_s
    played.set_rate(3.0)
    assert [played.wait() is None for _ in range(3)] == [False, False, True]
    assert played.grab() is None


def test_a_camera_that_stops_raises_after_its_last_frame():
    """And closes its source."""
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


def test_a_stall_passes_on_the_recordings_clock():
    """While a simulated camera stalls, the stepped one gives nothing and time goes on."""
    clock = RecordingClock()
    camera = SteppedCamera(SimulatedSource("empty 0.1, stall 2, empty 0.1", 160, 120, fps=10), clock)
    got = []
    while not camera.ended:
        got.append(camera.read(0.5) is not None)
    assert got == [True, False, False, False, False, True, False]
    assert clock.now() == pytest.approx(2.1)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "no such file"), (b"", "not a video or picture"), (b"plain text", "not a video or picture")],
)
def test_an_unreadable_recording_is_named(tmp_path, content, complaint):
    """A missing file, an empty one, a text."""
    path = tmp_path / "talk.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CameraError, match=complaint) as caught:
        LiveCamera(ReplaySource(path))
    assert str(path) in str(caught.value)


def test_a_single_picture_is_shown_for_a_while(folder):
    """Long enough for its emotion to hold."""
    assert len(read_all(SteppedCamera(ReplaySource(folder / "1.png"), RecordingClock()))) == 30


def test_a_folder_with_a_broken_picture_names_it(folder):
    """And one without pictures says so."""
    (folder / "3.png").write_bytes(b"broken")
    with pytest.raises(CameraError, match=r"3\.png: is not a picture"):
        read_all(SteppedCamera(ReplaySource(folder), RecordingClock()))
    (folder / "empty").mkdir()
    with pytest.raises(CameraError, match="no picture in this folder"):
        ReplaySource(folder / "empty").open()


NO_CAMERAS = (
    *("front", "webcam:", "webcam:1000", f"webcam:{'9' * 5000}", f"webcam:{'x' * 256}", "webcam:\x1b[2J"),
    *("webcam:\u0663", "replay:", "replay", "simulated:", "auto:1", ""),
)


@pytest.mark.parametrize("name", NO_CAMERAS, ids=lambda name: ascii(name)[:20])
def test_a_name_that_is_no_camera_is_refused(name):
    """With the names that are."""
    with pytest.raises(ConfigError, match="allowed is auto, picamera") as caught:
        parse_camera(name)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    "script",
    [
        "",
        "happy",
        "happy x",
        "happy -1",
        "happy inf",
        "cheerful 3",
        "happy 3,",
        "+other 3",
        "again",
        "again, happy 3",
        "happy 1e-300, again",
    ],
)
def test_a_script_that_is_none_is_refused(script):
    """With the words that are allowed."""
    with pytest.raises(ConfigError, match="allowed is WORD SECONDS"):
        parse_script(script)


def test_a_real_camera_is_never_simulated():
    """`auto` is made of real cameras alone; where there are none it says so."""
    source = AutoSource(CameraSettings(), 15)
    assert {type(each) for each in source._candidates()} <= {PicameraSource, WebcamSource}
    if not source._candidates():
        with pytest.raises(CameraError, match="no camera is found"):
            source.open()


def test_a_missing_webcam_is_named():
    """By its device."""
    with pytest.raises(CameraError, match="there is no /dev/video93"):
        WebcamSource("93", 640, 480, 15).open()


@pytest.mark.parametrize("name", ["auto", "picamera", "webcam", "webcam:3", "webcam:usb-Some_Camera-video-index0"])
def test_every_real_camera_is_turned_as_it_is_mounted(name):
    """And none is, where the settings do not say so."""
    mounted = CameraSettings(turn_deg=180, mirror=True)
    assert isinstance(upright_source(parse_camera(name), mounted, None), TurnedSource)
    assert not isinstance(upright_source(parse_camera(name), CameraSettings(), None), TurnedSource)
    for recorded in ("simulated", "replay:talk.mp4"):
        assert not isinstance(upright_source(parse_camera(recorded), mounted, None), TurnedSource)


def test_a_turned_camera_stands_upright(folder):
    """On its side, upside down, or looking into a mirror: the whole frame, at its own time."""
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    cv2.imwrite(str(folder / "0.png"), pixels)
    turned = {
        Turn(90): np.rot90(pixels, -1),
        Turn(180): np.rot90(pixels, 2),
        Turn(270): np.rot90(pixels),
        Turn(0, mirror=True): np.fliplr(pixels),
        Turn(90, mirror=True): np.fliplr(np.rot90(pixels, -1)),
    }
    for turn, expected in turned.items():
        source = TurnedSource(ReplaySource(folder), turn)
        source.open()
        assert source.wait() == 0.0
        assert np.array_equal(source.grab().gray, expected)
        assert [source.grab().t_s for _ in range(4)] == pytest.approx([0.1, 0.2, 0.3, 0.4])
        assert source.grab() is None


@pytest.mark.parametrize("turn", ["45", "-90", "360", "90.0", '"90"', "true"])
def test_no_camera_is_turned_by_another_angle(turn):
    """Four there are."""
    with pytest.raises(ConfigError, match="allowed is 0 or 90 or 180 or 270"):
        parse_settings(tomllib.loads(f"camera.turn_deg = {turn}"))


@pytest.fixture
def devices(tmp_path):
    """A folder of devices with a webcam of two nodes that udev has named."""
    for name in ("video0", "video12", "video1000", "videos", "null"):
        (tmp_path / name).touch()
    for link, target in (("by-id/usb-Cam-index0", "video12"), ("by-path/usb-1.2", "video0"), ("by-id/gone", "video7")):
        (tmp_path / "v4l" / link).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "v4l" / link).symlink_to(f"../../{target}")
    (tmp_path / "v4l/by-id/odd").symlink_to("../../null")
    return tmp_path


def test_a_webcam_is_found_by_what_stays(devices):
    """Its number, udev's names, or a path to either."""
    names = ("0", "12", "usb-Cam-index0", "usb-1.2", f"{devices}/v4l/by-id/usb-Cam-index0", f"{devices}/video0")
    assert [webcam_number(name, devices) for name in names] == [0, 12, 12, 0, 12, 0]
    assert webcams(devices) == [0, 12]
    assert list(named_webcams(devices)) == ["gone", "odd", "usb-Cam-index0", "usb-1.2"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("7", "there is no {devices}/video7; is it plugged in"),
        ("gone", "there is no {devices}/v4l/by-id/gone; is it plugged in"),
        ("front", "no webcam has this name; {devices}/v4l has gone, odd, usb-Cam-index0, usb-1.2"),
        ("odd", "{devices}/v4l/by-id/odd is not a webcam"),
        ("{devices}/null", "{devices}/null is not a webcam"),
        ("{devices}/none", "there is no {devices}/none"),
        ("..", "no webcam has this name"),
    ],
)
def test_a_webcam_that_is_not_there_is_named(devices, name, complaint):
    """With those that are."""
    with pytest.raises(CameraError, match=re.escape(complaint.format(devices=devices))):
        webcam_number(name.format(devices=devices), devices)


def test_a_real_camera_cannot_be_fast():
    """It has no other speed than its own."""
    with pytest.raises(ConfigError, match="--fast"):
        camera_opener("webcam:0", CameraSettings(), None, fast=True)


def test_the_gray_plane_is_the_start_of_a_yuv_buffer():
    """Lines are `stride` bytes apart; chroma follows and is left alone."""
    luma = np.arange(6 * 8, dtype=np.uint8).reshape(6, 8)
    buffer = np.concatenate([luma.ravel(), np.full(24, 128, np.uint8)])
    assert np.array_equal(gray_plane(buffer, (5, 6), 8), luma[:, :5])
