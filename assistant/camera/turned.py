"""A camera whose pictures are all turned."""

from __future__ import annotations

from assistant.camera.camera import FrameSource
from assistant.frame import Frame
from assistant.pictures.turning import Turn


class TurnedSource:
    """A source whose frames are all turned."""

    def __init__(self, source: FrameSource, turn: Turn) -> None:
        self._source, self._turn = source, turn

    def open(self) -> None:
        """Open it."""
        self._source.open()

    def wait(self) -> float | None:
        """Wait for its next frame."""
        return self._source.wait()

    def grab(self) -> Frame | None:
        """Its frame that was waited for, or the next one, turned."""
        frame = self._source.grab()
        return None if frame is None else Frame(self._turn.of(frame.gray), frame.t_s)

    def set_rate(self, fps: float) -> None:
        """Tell it."""
        self._source.set_rate(fps)

    def close(self) -> None:
        """Close it."""
        self._source.close()
