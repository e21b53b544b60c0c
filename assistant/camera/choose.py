"""Opens the camera that a person has named, with the clock that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.camera.camera import Camera, FrameSource
from assistant.camera.drivers.clocks import MonotonicClock, RecordingClock
from assistant.camera.drivers.live import LiveCamera
from assistant.camera.drivers.simulated import DEFAULT_SCRIPT, endless
from assistant.camera.drivers.stepped import SteppedCamera
from assistant.camera.registry import CAMERAS, CameraKind, ChosenCamera, find_camera, parse_camera
from assistant.camera.settings import CameraSettings
from assistant.camera.turned import TurnedSource
from assistant.errors import ConfigError
from assistant.pictures.turning import Turn


def camera_opener(
    name: str,
    settings: CameraSettings,
    fps: float | None,
    *,
    fast: bool,
    cameras: Mapping[str, CameraKind] = CAMERAS,
) -> tuple[Callable[[], Camera], MonotonicClock | RecordingClock]:
    """Return a function that opens the camera, again where it broke, and the clock that goes with it.

    `fast` plays a recording or a simulated camera as fast as it goes. ConfigError for a name that is not allowed, or a
    real camera with `fast`.
    """
    camera = parse_camera(name, cameras)
    if camera.is_live:
        if fast:
            raise ConfigError(f"--fast: a real camera ({name}) has no other speed than its own")
        # Each time a new source: a driver that hangs keeps the one before.
        return (lambda: LiveCamera(upright_source(camera, settings, fps))), MonotonicClock()
    source = camera.source(settings, fps)
    if fast:
        recording = RecordingClock()
        return (lambda: SteppedCamera(source, recording)), recording
    clock = MonotonicClock(from_zero=True)
    return (lambda: LiveCamera(source, paced_by=clock)), clock


def upright_source(camera: ChosenCamera, settings: CameraSettings, fps: float | None) -> FrameSource:
    """Build a camera's source; a real camera's frames are turned as the settings say that it is mounted."""
    source = camera.source(settings, fps)
    turn = Turn(settings.turn_deg, settings.mirror)
    return TurnedSource(source, turn) if camera.is_live and turn != Turn() else source


def is_live(name: str) -> bool:
    """Whether this is a real camera; ConfigError for a name that is not allowed."""
    return parse_camera(name).is_live


def is_simulated(name: str) -> bool:
    """Whether this camera shows drawn people; ConfigError for a name that is not allowed."""
    return parse_camera(name).is_simulated


def replayed_path(name: str) -> Path | None:
    """Return the recording that this camera plays, None where it plays none; ConfigError as for `is_live`."""
    return parse_camera(name).replayed_path


def played_on(name: str) -> str:
    """Return the name of this camera, where a simulated one begins anew when its script is over.

    A name that is not allowed is returned as it is.
    """
    camera = find_camera(name)
    if camera is None or not camera.is_simulated:
        return name
    return f"{name.partition(':')[0]}:{endless(camera.argument or DEFAULT_SCRIPT)}"
