"""The cameras that `--camera` can name: to add one, write its driver and a line of `CAMERAS`.

A driver's file has a function `build_source(argument, settings, fps)`. Nothing heavy is imported here, so that the
command line can take its texts from `CAMERAS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.camera.drivers.webcam_names import is_webcam_name
from assistant.camera.settings import CameraSettings
from assistant.errors import ConfigError, shown

if TYPE_CHECKING:
    from assistant.camera.camera import FrameSource

SourceBuilder = Callable[[str, CameraSettings, float | None], "FrameSource"]
"""From the argument (empty where there is none), the settings, and the frames a second (None: as usual) to a source."""


class Origin(Enum):
    """Where a camera's frames come from."""

    LIVE = auto()
    """From a real camera, at its own speed."""
    RECORDED = auto()
    """From a recording, whose path is the argument."""
    DRAWN = auto()
    """From a program that draws people."""


@dataclass(frozen=True, slots=True)
class CameraKind:
    """One kind of camera."""

    origin: Origin
    build: SourceBuilder
    forms: tuple[str, ...]
    """The forms of the name: KIND without an argument, KIND:ARGUMENT with one."""
    text: str
    """What the camera is, for `--help`."""
    accepts: Callable[[str], bool] = bool
    """Returns whether a text can be the argument; by default every text that is not empty."""

    def fits(self, argument: str | None) -> bool:
        """Return whether the camera can be named with this argument; None stands for a name without one."""
        if argument is None:
            return any(":" not in form for form in self.forms)
        return any(":" in form for form in self.forms) and self.accepts(argument)


def driver(module: str) -> SourceBuilder:
    """Return the `build_source` of a driver, which is imported at the first call."""

    def build(argument: str, settings: CameraSettings, fps: float | None) -> FrameSource:
        source: FrameSource = import_module(module).build_source(argument, settings, fps)
        return source

    return build


CAMERAS: Mapping[str, CameraKind] = {
    "auto": CameraKind(
        Origin.LIVE, driver("assistant.camera.drivers.auto"), ("auto",), "the first real camera that opens"
    ),
    "picamera": CameraKind(
        Origin.LIVE, driver("assistant.camera.drivers.picamera"), ("picamera",), "the Raspberry Pi's camera"
    ),
    "webcam": CameraKind(
        Origin.LIVE,
        driver("assistant.camera.drivers.webcam"),
        ("webcam", "webcam:N", "webcam:NAME"),
        "a webcam: /dev/video0, /dev/videoN, or the one with this path or this name in /dev/v4l",
        is_webcam_name,
    ),
    "replay": CameraKind(
        Origin.RECORDED,
        driver("assistant.camera.drivers.recording"),
        ("replay:PATH",),
        "a video, a picture, or a folder of pictures",
    ),
    "simulated": CameraKind(
        Origin.DRAWN,
        driver("assistant.camera.drivers.simulated"),
        ("simulated", "simulated:SCRIPT"),
        'drawn faces; a script names emotions and seconds: "happy 4, empty 2"',
    ),
}
"""The kinds of cameras by their names, in the order of the help."""


@dataclass(frozen=True, slots=True)
class ChosenCamera:
    """A camera that a person has named: the kind, and the argument behind the colon, if there is one."""

    name: str
    kind: CameraKind
    argument: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether the camera is real, not a recording or a drawing."""
        return self.kind.origin is Origin.LIVE

    @property
    def is_simulated(self) -> bool:
        """Whether the camera shows drawn people."""
        return self.kind.origin is Origin.DRAWN

    @property
    def replayed_path(self) -> Path | None:
        """The path of the recording that is played; None for a camera that plays none."""
        return Path(self.argument or "") if self.kind.origin is Origin.RECORDED else None

    def source(self, settings: CameraSettings, fps: float | None) -> FrameSource:
        """Build the source of frames, not turned yet; `fps` is None for the usual frames a second."""
        return self.kind.build(self.argument or "", settings, fps)


def parse_camera(name: str, cameras: Mapping[str, CameraKind] = CAMERAS) -> ChosenCamera:
    """Return the camera of this name; ConfigError names the allowed cameras."""
    camera = find_camera(name, cameras)
    if camera is None:
        raise ConfigError(f"--camera {shown(name)}: allowed is {camera_forms(cameras)}")
    return camera


def find_camera(name: str, cameras: Mapping[str, CameraKind] = CAMERAS) -> ChosenCamera | None:
    """Return the camera of this name, or None when there is no such camera."""
    kind_name, colon, text = name.partition(":")
    kind, argument = cameras.get(kind_name), text if colon else None
    return ChosenCamera(name, kind, argument) if kind is not None and kind.fits(argument) else None


def camera_forms(cameras: Mapping[str, CameraKind] = CAMERAS) -> str:
    """Return the forms of all names, with commas between them."""
    return ", ".join(form for kind in cameras.values() for form in kind.forms)


def camera_help(cameras: Mapping[str, CameraKind] = CAMERAS) -> str:
    """Return the forms of all names with an explanation of each camera, for `--help`."""
    return "; ".join(f"{_alternatives(kind.forms)} ({kind.text})" for kind in cameras.values())


def _alternatives(forms: tuple[str, ...]) -> str:
    *others, last = forms
    return f"{', '.join(others)} or {last}" if others else last
