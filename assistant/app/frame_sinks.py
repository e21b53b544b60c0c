"""The port for what shows or records the frames: a window, a video file, the helper's page."""

from __future__ import annotations

from typing import Protocol

from assistant.emotion.debouncing.transitions import State
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import Emotion
from assistant.frame import Frame


class FrameSink(Protocol):
    """Shows or records each frame with what was detected in it."""

    def show(self, frame: Frame, face: ClassifiedFace | None, stable: Emotion | None, state: State) -> None:
        """Take one frame, the primary face, its stable emotion, and the debouncer's state."""

    def close(self) -> None:
        """Close the sink; no frame follows. A second call does nothing."""
