"""What the program needs of a camera, as small protocols; the drivers fulfil them."""

from __future__ import annotations

from typing import Protocol

from assistant.frame import Frame


class FrameSource(Protocol):
    """Something that yields one frame after the other: a sensor, a file, a drawing."""

    def open(self) -> None:
        """Get ready; raise CameraError when that is not possible."""

    def wait(self) -> float | None:
        """Wait for the next frame, without reading it: its time; None at the end; CameraError when it broke.

        The one before it is let go, read or not.
        """

    def grab(self) -> Frame | None:
        """Read the frame that was waited for, or wait for the next one; else as `wait`."""

    def set_rate(self, fps: float) -> None:
        """No more than so many frames a second will be read; a source with a single speed takes no notice."""

    def close(self) -> None:
        """Let go of it; called again it does nothing."""


class Camera(Protocol):
    """What the loop reads frames from."""

    def read(self, timeout_s: float) -> Frame | None:
        """The newest unread frame, or None when none came in time; CameraError when it broke."""

    def set_rate(self, fps: float) -> None:
        """From now on give no more frames a second than this; infinite: all that there are."""

    @property
    def ended(self) -> bool:
        """Whether a recording is over and every frame was read."""

    @property
    def dropped(self) -> int:
        """Frames that were replaced before anyone read them."""

    def close(self) -> None:
        """Stop capturing; called again it does nothing."""
