"""Who is shown what the loop sees: a window, a video file."""

from __future__ import annotations

from typing import Protocol

from assistant.emotion.observation import ClassifiedFace
from assistant.emotion.transitions import State
from assistant.emotions import Emotion
from assistant.frame import Frame


class FrameSink(Protocol):
    """Shows or keeps what the loop sees."""

    def show(self, frame: Frame, face: ClassifiedFace | None, stable: Emotion | None, state: State) -> None:
        """Take one frame, the primary face, its stable emotion, and the debouncer's state."""

    def close(self) -> None:
        """The last frame was shown. A second call does nothing."""
