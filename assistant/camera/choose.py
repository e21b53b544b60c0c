"""Chooses the source of frames that a person named: picamera, webcam, replay, simulated, or what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.camera.camera import Camera, FrameSource
from assistant.camera.drivers.clocks import MonotonicClock, RecordingClock
from assistant.camera.drivers.live import LiveCamera
from assistant.camera.drivers.picamera import PicameraSource, has_picamera2
from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.drivers.simulated import DEFAULT_SCRIPT, SimulatedSource, endless
from assistant.camera.drivers.stepped import SteppedCamera
from assistant.camera.drivers.webcam import WebcamSource
from assistant.camera.drivers.webcam_names import is_webcam_name, webcams
from assistant.camera.settings import CameraSettings
from assistant.camera.turned import TurnedSource
from assistant.errors import CameraError, ConfigError, shown
from assistant.frame import Frame
from assistant.pictures.turning import Turn

FORMS = "auto, picamera, webcam, webcam:N, webcam:NAME, replay:PATH, simulated, simulated:SCRIPT"
SIMULATED_FPS = 15.0


class AutoSource:
    """The first camera that can be opened: the Raspberry Pi's, then the webcams. Never a simulated one."""

    def __init__(self, settings: CameraSettings, fps: float) -> None:
        self._settings, self._fps = settings, fps
        self._source: FrameSource | None = None

    def open(self) -> None:
        """Open it; CameraError when there is none, or with the last one's trouble."""
        trouble = CameraError("no camera is found: connect one, or name a recording with --camera replay:PATH")
        for source in self._candidates():
            try:
                source.open()
            except CameraError as error:
                trouble = error
            else:
                self._source = source
                return
        raise trouble

    def wait(self) -> float | None:
        """Wait for the next frame of the camera that was opened."""
        return self._chosen().wait()

    def grab(self) -> Frame | None:
        """Its frame that was waited for, or the next one."""
        return self._chosen().grab()

    def set_rate(self, fps: float) -> None:
        """Tell it."""
        self._chosen().set_rate(fps)

    def close(self) -> None:
        """Close it."""
        if self._source is not None:
            self._source.close()

    def _chosen(self) -> FrameSource:
        if self._source is None:
            raise CameraError("no camera is open")
        return self._source

    def _candidates(self) -> list[FrameSource]:
        size = (self._settings.width_px, self._settings.height_px, self._fps)
        pi: list[FrameSource] = [PicameraSource(*size)] if has_picamera2() else []
        return [*pi, *(WebcamSource(str(number), *size) for number in webcams())]


def live_source(name: str, settings: CameraSettings, fps: float | None) -> FrameSource | None:
    """The real camera of this name, its pictures turned as the settings say, None for a recorded or simulated one.

    ConfigError for a name that is none.
    """
    source = _as_mounted(name, settings, fps or settings.fps)
    turn = Turn(settings.turn_deg, settings.mirror)
    return source if source is None or turn == Turn() else TurnedSource(source, turn)


def _as_mounted(name: str, settings: CameraSettings, fps: float) -> FrameSource | None:
    kind, _, rest = name.partition(":")
    if name == "auto":
        return AutoSource(settings, fps)
    if name == "picamera":
        return PicameraSource(settings.width_px, settings.height_px, fps)
    if name == "webcam" or (kind == "webcam" and is_webcam_name(rest)):
        return WebcamSource(rest or "0", settings.width_px, settings.height_px, fps)
    if (kind == "replay" and rest) or name == "simulated" or (kind == "simulated" and rest):
        return None
    raise ConfigError(f"--camera {shown(name)}: allowed is {FORMS}")


def recorded_source(name: str, settings: CameraSettings, fps: float | None) -> FrameSource:
    """The recording or the simulated camera of a name for which `live_source` gave None."""
    path = replayed_path(name)
    if path is not None:
        return ReplaySource(path, fps, settings.replay_megapixels)
    return SimulatedSource(name.partition(":")[2] or DEFAULT_SCRIPT, fps=fps or SIMULATED_FPS)


def replayed_path(name: str) -> Path | None:
    """The recording that this camera plays, if it plays one."""
    kind, _, rest = name.partition(":")
    return Path(rest) if kind == "replay" else None


def played_on(name: str) -> str:
    """The camera of this name; a simulated one begins anew when its script is over."""
    kind, _, script = name.partition(":")
    if name == "simulated" or (is_simulated(name) and script):
        return f"{kind}:{endless(script or DEFAULT_SCRIPT)}"
    return name


def is_simulated(name: str) -> bool:
    """Whether this camera shows drawn people."""
    return name.partition(":")[0] == "simulated"


def is_live(name: str) -> bool:
    """Whether this is a real camera."""
    return not is_simulated(name) and replayed_path(name) is None


def camera_opener(
    name: str, settings: CameraSettings, fps: float | None, *, fast: bool
) -> tuple[Callable[[], Camera], MonotonicClock | RecordingClock]:
    """A function that opens the camera, again where it broke, and the clock that goes with it."""
    if live_source(name, settings, fps) is not None:
        if fast:
            raise ConfigError(f"--fast: a real camera ({name}) has no other speed than its own")
        return (lambda: _live_camera(name, settings, fps)), MonotonicClock()
    source = recorded_source(name, settings, fps)
    if fast:
        recording = RecordingClock()
        return (lambda: SteppedCamera(source, recording)), recording
    clock = MonotonicClock(from_zero=True)
    return (lambda: LiveCamera(source, paced_by=clock)), clock


def _live_camera(name: str, settings: CameraSettings, fps: float | None) -> Camera:
    """A camera with a source of its own: a driver that hangs keeps the one before."""
    source = live_source(name, settings, fps)
    assert source is not None
    return LiveCamera(source)
