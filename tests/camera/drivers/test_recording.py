"""Recordings play upright, in order and from time 0 on, whatever their names, containers and folders hold."""

from __future__ import annotations

import logging
import math
import os
import struct
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.camera.drivers.clocks import RecordingClock
from assistant.camera.drivers.live import LiveCamera
from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.drivers.stepped import SteppedCamera
from assistant.camera.drivers.videos import Timeline
from assistant.errors import CameraError
from assistant.frame import Frame
from assistant.pictures.folders import pictures_of
from tests.builders import picture_files as files

pytestmark = pytest.mark.runtime

UPRIGHT = np.kron(np.array([[250, 20, 80, 120], [120, 180, 40, 60]], np.uint8), np.ones((48, 48), np.uint8))
FPS = 10.0

MATRICES = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
"""What a container says of a video that is to be turned clockwise so far (ISO/IEC 14496-12, tkhd)."""


def write_video(path: Path, gray: np.ndarray, count: int = 5) -> Path:
    """Write a video that repeats one picture, and return its path."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, gray.shape[::-1])
    for _ in range(count):
        writer.write(cv2.cvtColor(np.ascontiguousarray(gray), cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


def turn_in_container(path: Path, clockwise_deg: int) -> None:
    """Set the angle by which a player turns the video."""
    data = bytearray(path.read_bytes())
    a, b, c, d = (each * 65536 for each in MATRICES[clockwise_deg])
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


def mjpeg(count: int) -> bytes:
    """Return JPEGs in a row without a container, as a Raspberry Pi's camera writes them."""
    noise = np.random.default_rng(1).integers(0, 256, (count, 120, 160), dtype=np.uint8)
    return b"".join(files.coded(cv2.blur(each, (9, 9)), ".jpg") for each in noise)


def played(path: Path, fps: float | None = None, most_megapixels: float = 50.0) -> list:
    """Return all frames of a recording."""
    source = ReplaySource(path, fps, most_megapixels)
    source.open()
    return list(iter(source.grab, None))


@pytest.mark.parametrize("clockwise_deg", MATRICES)
def test_a_video_that_a_phone_filmed_lying_down_stands_upright(tmp_path, clockwise_deg):
    """The container says how the video is turned, and every version of OpenCV gives upright frames."""
    path = write_video(tmp_path / "phone.mp4", np.rot90(UPRIGHT, clockwise_deg // 90))
    turn_in_container(path, clockwise_deg)
    frames = played(path)
    assert len(frames) == 5
    for frame in frames:
        assert frame.gray.shape == UPRIGHT.shape
        assert np.abs(frame.gray[24::48, 24::48].astype(int) - UPRIGHT[24::48, 24::48]).max() < 25


@pytest.mark.parametrize(("fps", "step_s"), [(None, 0.04), (10.0, 0.1), (50.0, 0.02)])
def test_a_row_of_jpegs_has_the_times_that_are_asked_for(tmp_path, fps, step_s):
    """Such a file has no times; without a rate in the settings, FFmpeg assumes 25 frames a second."""
    path = tmp_path / "raw.mjpeg"
    path.write_bytes(mjpeg(40))
    assert [frame.t_s for frame in played(path, fps)] == pytest.approx([step_s * number for number in range(40)])


def test_a_video_keeps_its_own_times(tmp_path):
    """The times of the container count, whatever rate is asked for."""
    path = write_video(tmp_path / "talk.mp4", UPRIGHT)
    assert [frame.t_s for frame in played(path, 50.0)] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize(
    ("own_s", "times"),
    [
        ([0.0, 0.1, 0.2, 0.4], [0, 0.1, 0.2, 0.4]),
        ([7.0, 7.1, 7.3], [0, 0.1, 0.3]),
        ([-0.96, -0.92, -0.88], [0, 0.04, 0.08]),
        ([math.nan, math.nan, math.nan], [0, 0.1, 0.2]),
        ([-7.6e12, -7.6e12, 0.0, 0.3], [0, 0.1, 0.2, 0.5]),
        ([0.0, 0.1, 9e9, 9e9, 0.2, 0.3], [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ([0.0, math.inf, 0.1, 0.3], [0, 0.1, 0.2, 0.4]),
        ([5.0, 5.2, 0.0, 0.2], [0, 0.2, 0.3, 0.5]),
    ],
)
def test_times_that_cannot_be_count_as_none(own_s, times):
    """The first frame is at 0, and every frame is later than the one before it."""
    timeline = Timeline(FPS)
    assert [timeline.next(each) for each in own_s] == pytest.approx(times)


AWKWARD = (b"12:30.mp4", b"talk\xff.mp4", b"100%d.mp4", b"file:x|y.mp4", b"-i.mp4", "früh.mp4".encode(), b"a\nb.mp4")


@pytest.mark.parametrize("name", AWKWARD, ids=repr)
@pytest.mark.parametrize("is_relative", [False, True])
def test_a_video_of_any_name_is_played(tmp_path, monkeypatch, name, is_relative):
    """No name of a file is taken as a protocol, a pattern or an option."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    write_video(tmp_path / "plain.mp4", UPRIGHT).rename(folder / os.fsdecode(name))
    monkeypatch.chdir(folder)
    path = Path(os.fsdecode(name))
    assert len(played(path if is_relative else folder / path)) == 5


def test_a_damaged_avi_writes_nothing_to_the_terminal(tmp_path, capfd):
    """Control characters of the file do not reach the terminal."""
    video = tmp_path / "a.avi"
    video.write_bytes(b"RIFF" + struct.pack("<I", 40) + b"AVI \x1b[2J" + bytes(32))
    with pytest.raises(CameraError, match=r"a\.avi: is not a video"):
        played(video)
    assert "\x1b" not in "".join(capfd.readouterr())


def test_a_video_of_too_many_pixels_is_refused(tmp_path):
    """The video is refused before its frames are decoded."""
    path = write_video(tmp_path / "talk.mp4", UPRIGHT)
    with pytest.raises(CameraError, match=r"talk\.mp4: has frames of 192x96 pixels; at most 0.01 megapixels are read"):
        played(path, most_megapixels=0.01)


def test_a_picture_in_a_container_of_videos_is_no_video(tmp_path):
    """The error names the kind of the picture."""
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf" + bytes(100))
    with pytest.raises(CameraError, match=r"photo\.heic: is a HEIC picture, which is not read"):
        played(path)


def test_a_folder_is_played_as_people_count(tmp_path):
    """Picture 2 comes before 10, capitals do not matter, and 010 comes after 10."""
    names = ["1.png", "frame1.png", "Frame2.png", "frame2b.png", "frame10.png", "frame010.png", f"frame{'9' * 99}.png"]
    for level, name in enumerate(names):
        (tmp_path / name).write_bytes(files.coded(np.full((8, 8), 10 * level, np.uint8), ".png"))
    assert [int(frame.gray[0, 0]) for frame in played(tmp_path)] == [0, 10, 20, 30, 50, 40, 60]


def test_what_systems_leave_in_a_folder_is_passed_over(tmp_path, caplog):
    """Files of the system are ignored; other files that are no pictures are counted and named in the log."""
    for name in (".DS_Store", "._1.jpg", "Thumbs.db", "desktop.ini", "notes.txt", "2.heic", "3.MP4", "a.doc"):
        (tmp_path / name).write_bytes(b"no picture")
    for name in (".ipynb_checkpoints", "__MACOSX", "more", "old.jpg"):
        (tmp_path / name).mkdir()
    for name in ("1.jpg", "2.JFIF"):
        (tmp_path / name).write_bytes(files.coded(UPRIGHT, ".jpg"))
    with caplog.at_level(logging.WARNING):
        assert len(played(tmp_path)) == 2
    complaint = f"{tmp_path}: 6 files left out, whose names do not end as a picture's: 2.heic, 3.MP4, a.doc, ..."
    assert [record.getMessage() for record in caplog.records] == [complaint]
    assert [path.name for path in pictures_of(tmp_path)[0]] == ["1.jpg", "2.JFIF"]


def test_an_animation_in_a_folder_ends_the_replay(tmp_path):
    """The error names the animated picture, as for any picture that cannot be read."""
    (tmp_path / "1.png").write_bytes(files.animated_png(UPRIGHT))
    with pytest.raises(CameraError, match=r"1\.png: is an animated PNG picture"):
        played(tmp_path)


class Sticking:
    """A source that gives one frame and then nothing."""

    def __init__(self):
        self.let_go = threading.Event()
        self.frames = [Frame(UPRIGHT, 0.0)]

    def open(self):
        """Do nothing."""

    def grab(self):
        """Return the frame, then wait for long."""
        if not self.frames:
            self.let_go.wait(20)
        return self.frames.pop() if self.frames else None

    def close(self):
        """Do nothing."""


def test_a_recording_that_sticks_has_failed():
    """A damaged recording, in which a decoder may search for minutes, is given up after a while."""
    source = Sticking()
    camera = SteppedCamera(source, RecordingClock(), longest_wait_s=0.1)
    assert camera.read(1.0) is not None
    with pytest.raises(CameraError, match="the recording gives nothing"):
        camera.read(1.0)
    source.let_go.set()
    camera.close()


def test_a_pipe_keeps_nobody_from_ending(tmp_path):
    """A read returns although nobody writes to the pipe, and no time of the recording passes."""
    pipe = tmp_path / "pipe.mjpeg"
    os.mkfifo(pipe)
    clock = RecordingClock()
    camera = SteppedCamera(ReplaySource(pipe), clock)
    assert [camera.read(1.0), clock.now(), camera.ended] == [None, 0.0, False]
    pictures, frames = mjpeg(400), []
    writing = threading.Thread(target=pipe.write_bytes, args=(pictures,))
    writing.start()
    while not camera.ended:
        frames.append(camera.read(1.0))
    writing.join()
    camera.close()
    assert sum(frame is not None for frame in frames) == 400


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "no such file"), (b"", "not a video or picture"), (b"plain text", "not a video or picture")],
)
def test_an_unreadable_recording_is_named(tmp_path, content, complaint):
    """A missing file, an empty file and a text are named in the error."""
    path = tmp_path / "talk.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CameraError, match=complaint) as caught:
        LiveCamera(ReplaySource(path))
    assert str(path) in str(caught.value)


def test_a_single_picture_is_shown_for_a_while(folder):
    """One picture plays for three seconds, long enough for its emotion to hold."""
    assert len(played(folder / "1.png")) == 30


def test_a_folder_with_a_broken_picture_names_it(folder):
    """The error names the broken picture; a folder without pictures raises an error too."""
    (folder / "3.png").write_bytes(b"broken")
    with pytest.raises(CameraError, match=r"3\.png: is not a picture"):
        played(folder)
    (folder / "empty").mkdir()
    with pytest.raises(CameraError, match="no picture in this folder"):
        ReplaySource(folder / "empty").open()
