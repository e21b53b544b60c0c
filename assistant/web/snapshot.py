"""What the page tells of a frame, as JSON; no picture is in it."""

from __future__ import annotations

from typing import Any

from assistant.emotion.observation import ClassifiedFace
from assistant.emotion.transitions import State
from assistant.emotions import Emotion


def face_fields(face: ClassifiedFace | None, stable: Emotion | None, state: State) -> dict[str, Any]:
    """The face in front, what is a fact about it, and where the state machine stands."""
    scores = face.scores if face else None
    return {
        "face": face.box.as_list() if face else None,
        "reason": str(face.reason) if face and face.reason else None,
        "scores": scores.by_label() if scores else None,
        "best": str(scores.best) if scores else None,
        "emotion": str(stable) if stable else None,
        "state": str(state),
    }
