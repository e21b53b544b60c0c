"""What the program needs of a camera: two protocols, which the drivers fulfil."""

from __future__ import annotations

from typing import Protocol

from assistant.frame import Frame


class FrameSource(Protocol):
    """Gives one frame after the other: a sensor, a file, a drawing."""

    def open(self) -> None:
        """Open the device or the file; CameraError where that is not possible."""

    def wait(self) -> float | None:
        """Wait for the next frame without reading it, and return its time; None at the end of a recording.

        The frame before is lost, whether it was read or not. CameraError where no frames come any more.
        """

    def grab(self) -> Frame | None:
        """Read the frame that was waited for, or wait for the next one and read it; otherwise as `wait`."""

    def set_rate(self, fps: float) -> None:
        """Set the most frames a second that will be read; a source with a single speed ignores this."""

    def close(self) -> None:
        """Close the device or the file; a second call does nothing."""


class Camera(Protocol):
    """Gives frames to the loop."""

    def read(self, timeout_s: float) -> Frame | None:
        """Return the newest unread frame, None where none came in time; CameraError where no frames come any more."""

    def set_rate(self, fps: float) -> None:
        """Give no more frames a second than this from now on; infinity stands for all frames."""

    @property
    def ended(self) -> bool:
        """Whether a recording is over, and each of its frames was read."""

    @property
    def dropped(self) -> int:
        """How many frames were replaced by a newer one before anybody read them."""

    def close(self) -> None:
        """Stop capturing; a second call does nothing."""
