"""`assistant look`: judges the faces of pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from assistant.emotion.observation import ClassifiedFace, EmotionClassifier
from assistant.emotion.perception import classify_faces
from assistant.errors import CameraError, one_line
from assistant.face.detector import FaceDetector
from assistant.pictures.reading import read_gray


@dataclass(frozen=True, slots=True)
class ClassifiedPicture:
    """A picture with its faces, or with the error that kept it from being read."""

    picture: str
    faces: Sequence[ClassifiedFace]
    error: str | None = None


def classify_picture(
    path: Path, detector: FaceDetector, classifier: EmotionClassifier, most_megapixels: float
) -> ClassifiedPicture:
    """Judge every face of the picture at `path`; a file that is no picture, or a larger one, becomes an error."""
    try:
        gray = read_gray(path, most_megapixels)
    except CameraError as error:
        return ClassifiedPicture(str(path), (), str(error))
    return ClassifiedPicture(str(path), classify_faces(gray, detector, classifier))


def write_text(judgements: Sequence[ClassifiedPicture], out: TextIO, errors: TextIO) -> None:
    """A line a face; what could not be read goes to `errors`."""
    for judgement in judgements:
        name = one_line(judgement.picture)
        if judgement.error:
            print(one_line(judgement.error), file=errors)
        elif not judgement.faces:
            print(f"{name}: no face", file=out)
        for face in judgement.faces:
            print(f"{name}: {_described(face)}", file=out)


def write_json(judgements: Sequence[ClassifiedPicture], out: TextIO) -> None:
    """A list with an entry a picture."""
    table = [
        {"picture": each.picture, "faces": [_entry(face) for face in each.faces], "error": each.error}
        for each in judgements
    ]
    print(json.dumps(table, indent=2), file=out)


def _described(face: ClassifiedFace) -> str:
    place = f"at {face.box.x},{face.box.y}, {face.box.width} pixels wide"
    if face.scores is None:
        return f"not judged, {face.reason} ({place})"
    ranked = sorted(face.scores.by_label().items(), key=lambda each: -each[1])
    best, *others = (f"{label} {score:.2f}" for label, score in ranked)
    return f"{best} ({place}; {', '.join(others)})"


def _entry(face: ClassifiedFace) -> dict[str, Any]:
    scores = face.scores
    return {
        "box": face.box.as_list(),
        "emotion": None if scores is None else str(scores.best),
        "confidence": None if scores is None else round(scores.confidence, 4),
        "scores": None if scores is None else scores.by_label(),
        "reason": None if face.reason is None else str(face.reason),
        "pose": face.pose_fields(),
    }
