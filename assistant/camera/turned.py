"""Turns the frames of a camera that is not mounted upright."""

from __future__ import annotations

from assistant.camera.camera import FrameSource
from assistant.frame import Frame
from assistant.pictures.turning import Turn


class TurnedSource:
    """Gives the frames of another source, each turned in the same way."""

    def __init__(self, source: FrameSource, turn: Turn) -> None:
        self._source, self._turn = source, turn

    def open(self) -> None:
        """Open the other source."""
        self._source.open()

    def wait(self) -> float | None:
        """Wait for the other source's next frame, and return its time."""
        return self._source.wait()

    def grab(self) -> Frame | None:
        """Read the frame that was waited for, or the next one, and turn it."""
        frame = self._source.grab()
        return None if frame is None else Frame(self._turn.of(frame.gray), frame.t_s)

    def set_rate(self, fps: float) -> None:
        """Set the rate of the other source."""
        self._source.set_rate(fps)

    def close(self) -> None:
        """Close the other source."""
        self._source.close()
