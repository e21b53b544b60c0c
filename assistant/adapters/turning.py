"""Pictures the right way up: how they are turned, and a live camera whose pictures are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assistant.ports import Frame, FrameSource

Gray = npt.NDArray[np.uint8]

CODES = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn by 0, 90, 180 or 270 degrees clockwise, after which left and right may be exchanged."""

    clockwise_deg: int = 0
    mirror: bool = False

    def of(self, gray: Gray) -> Gray:
        """The picture, turned so."""
        if self.clockwise_deg:
            gray = np.asarray(cv2.rotate(gray, CODES[self.clockwise_deg]), dtype=np.uint8)
        return np.asarray(cv2.flip(gray, 1), dtype=np.uint8) if self.mirror else gray


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
