"""The cameras that can be named: each is listed once, and another one needs a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.camera.choose import camera_opener, upright_source
from assistant.camera.drivers.clocks import MonotonicClock, RecordingClock
from assistant.camera.registry import (
    CAMERAS,
    CameraKind,
    Origin,
    camera_forms,
    camera_help,
    find_camera,
    parse_camera,
)
from assistant.camera.settings import CameraSettings
from assistant.camera.turned import TurnedSource
from assistant.errors import ConfigError
from assistant.frame import Frame

ROOT = Path(__file__).parents[2]


class CountingSource:
    """A source of frames of one gray level each, as many as its argument says."""

    def __init__(self, argument: str, settings: CameraSettings, fps: float | None) -> None:
        self.count, self.size = int(argument), (settings.height_px, settings.width_px)
        self.fps = fps or settings.fps
        self.number = -1

    def open(self):
        """Do nothing."""

    def wait(self):
        """Return the time of the next frame."""
        self.number += 1
        return None if self.number >= self.count else self.number / self.fps

    def grab(self):
        """Return the frame that was waited for, or the next one."""
        t_s = self.wait()
        return None if t_s is None else Frame(np.full(self.size, self.number, np.uint8), t_s)

    def set_rate(self, fps):
        """Do nothing."""

    def close(self):
        """Do nothing."""


@pytest.fixture
def cameras():
    """Return a function that makes a registry with one more camera, `counting`, of the given origin."""
    return lambda origin: {
        **CAMERAS,
        "counting": CameraKind(origin, CountingSource, ("counting:N",), "frames that count", str.isdecimal),
    }


@pytest.mark.parametrize(
    ("origin", "is_live", "is_simulated", "path"),
    [(Origin.LIVE, True, False, None), (Origin.RECORDED, False, False, Path("3")), (Origin.DRAWN, False, True, None)],
)
def test_another_camera_is_a_line(cameras, origin, is_live, is_simulated, path):
    """The name of an added camera is parsed, and errors and the help list it."""
    more = cameras(origin)
    camera = parse_camera("counting:3", more)
    assert (camera.kind, camera.argument) == (more["counting"], "3")
    assert (camera.is_live, camera.is_simulated, camera.replayed_path) == (is_live, is_simulated, path)
    for wrong in ("counting", "counting:", "counting:three"):
        with pytest.raises(ConfigError, match=r"allowed is auto, .*, counting:N$"):
            parse_camera(wrong, more)
    assert camera_help(more).endswith("; counting:N (frames that count)")
    with pytest.raises(ConfigError):
        parse_camera("counting:3")


@pytest.mark.parametrize("origin", [Origin.RECORDED, Origin.DRAWN])
def test_another_camera_is_opened(cameras, origin):
    """An added camera gives its frames, on the clock of a recording."""
    settings = CameraSettings(width_px=160, height_px=120)
    open_camera, clock = camera_opener("counting:3", settings, 10.0, fast=True, cameras=cameras(origin))
    camera = open_camera()
    frames = []
    while not camera.ended:
        frame = camera.read(1.0)
        if frame is not None:
            frames.append((int(frame.gray[0, 0]), frame.gray.shape, frame.t_s))
    assert frames == [(0, (120, 160), 0.0), (1, (120, 160), 0.1), (2, (120, 160), 0.2)]
    assert isinstance(clock, RecordingClock)


def test_another_real_camera_is_treated_as_one(cameras):
    """An added real camera has its own clock, cannot be fast, and is turned as it is mounted."""
    more = cameras(Origin.LIVE)
    _, clock = camera_opener("counting:3", CameraSettings(), None, fast=False, cameras=more)
    assert isinstance(clock, MonotonicClock)
    with pytest.raises(ConfigError, match="--fast"):
        camera_opener("counting:3", CameraSettings(), None, fast=True, cameras=more)
    mounted = CameraSettings(turn_deg=90)
    assert isinstance(upright_source(parse_camera("counting:3", more), mounted, None), TurnedSource)


NAMES = {
    "auto": "auto",
    "picamera": "picamera",
    "webcam": "webcam",
    "webcam:1": "webcam",
    "webcam:usb-Some_Camera-video-index0": "webcam",
    "replay:talk.mp4": "replay",
    "replay:a:b.mp4": "replay",
    "simulated": "simulated",
    "simulated:happy 1, empty 2": "simulated",
}


@pytest.mark.parametrize(("name", "kind"), NAMES.items(), ids=NAMES.keys())
def test_each_name_becomes_a_kind_and_an_argument(name, kind):
    """The argument is what is behind the first colon; its driver builds a source of it."""
    camera = find_camera(name)
    assert camera is not None
    assert camera.kind is CAMERAS[kind]
    assert camera.argument == (name.removeprefix(f"{kind}:") if ":" in name else None)
    source = camera.source(CameraSettings(), None)
    assert all(hasattr(source, step) for step in ("open", "wait", "grab", "set_rate", "close"))


def test_all_forms_are_named():
    """Errors and the help name every form of a camera's name."""
    for kind in CAMERAS.values():
        for form in kind.forms:
            assert form in camera_forms()
            assert form in camera_help()


def test_the_texts_cost_no_heavy_import():
    """The command line prints them without OpenCV and numpy."""
    code = "import sys, assistant.camera.registry as it; it.camera_help(); print({'cv2', 'numpy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
