"""The first camera that can be opened: the Raspberry Pi's, then the webcams; never a simulated one."""

from __future__ import annotations

from assistant.camera.camera import FrameSource
from assistant.camera.drivers.picamera import PicameraSource, has_picamera2
from assistant.camera.drivers.webcam import WebcamSource
from assistant.camera.drivers.webcam_names import webcams
from assistant.camera.settings import CameraSettings
from assistant.errors import CameraError
from assistant.frame import Frame


def build_source(_argument: str, settings: CameraSettings, fps: float | None) -> AutoSource:
    """Return the source of `--camera auto`."""
    return AutoSource(settings, fps or settings.fps)


class AutoSource:
    """Finds a camera when it is opened, and gives that camera's frames."""

    def __init__(self, settings: CameraSettings, fps: float) -> None:
        self._settings, self._fps = settings, fps
        self._source: FrameSource | None = None

    def open(self) -> None:
        """Open the first camera that can be opened; CameraError where there is none, or with the last one's error."""
        failure = CameraError("no camera is found: connect one, or name a recording with --camera replay:PATH")
        for source in self._candidates():
            try:
                source.open()
            except CameraError as error:
                failure = error
            else:
                self._source = source
                return
        raise failure

    def wait(self) -> float | None:
        """Wait for the next frame of the camera that was opened, and return its time."""
        return self._chosen().wait()

    def grab(self) -> Frame | None:
        """Read the frame that was waited for, or the next one."""
        return self._chosen().grab()

    def set_rate(self, fps: float) -> None:
        """Set the rate of the camera that was opened."""
        self._chosen().set_rate(fps)

    def close(self) -> None:
        """Close the camera that was opened, if one was."""
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
