"""The cases that every camera passes: each source, read step by step and in a thread."""

import cv2
import numpy as np
import pytest

from assistant.camera.drivers.clocks import MonotonicClock, RecordingClock
from assistant.camera.drivers.live import LiveCamera
from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.camera.drivers.stepped import SteppedCamera

pytestmark = pytest.mark.runtime


def read_all(camera):
    """Read frames until the camera has ended."""
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
    """The frames come in order, gray, at the times of the recording, and the clock follows them."""
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
    """The last frame is read before the camera has ended, and a second close does nothing."""
    camera = LiveCamera(source(folder), paced_by=MonotonicClock(from_zero=True))
    frames = read_all(camera)
    assert len(frames) + camera.dropped == 5
    assert camera.read(0.0) is None
    camera.close()
    camera.close()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_frame_is_read_once_however_it_was_waited_for(source, folder):
    """Each frame is given by one `grab`, after a `wait` or without one, and a further `wait` drops it."""
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


def test_a_stall_passes_on_the_recordings_clock():
    """While a simulated camera stalls, the stepped camera gives no frame and its clock goes on."""
    clock = RecordingClock()
    camera = SteppedCamera(SimulatedSource("empty 0.1, stall 2, empty 0.1", 160, 120, fps=10), clock)
    got = []
    while not camera.ended:
        got.append(camera.read(0.5) is not None)
    assert got == [True, False, False, False, False, True, False]
    assert clock.now() == pytest.approx(2.1)
