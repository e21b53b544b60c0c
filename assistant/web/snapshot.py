"""The fields that the page shows of a frame, for JSON; they have no picture."""

from __future__ import annotations

from typing import Any

from assistant.emotion.debouncing.transitions import State
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import Emotion


def face_fields(face: ClassifiedFace | None, stable: Emotion | None, state: State) -> dict[str, Any]:
    """Return the fields of the face in front, the emotion that has settled, and the debouncer's state."""
    scores = face.scores if face else None
    return {
        "face": face.box.as_list() if face else None,
        "reason": str(face.reason) if face and face.reason else None,
        "scores": scores.by_label() if scores else None,
        "best": str(scores.best) if scores else None,
        "emotion": str(stable) if stable else None,
        "state": str(state),
    }
