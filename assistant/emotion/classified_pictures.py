"""Classifies the faces of pictures, and writes the answers, as `assistant look` does."""

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
    """Classify every face of the picture at `path`; where it cannot be read, or is too large, return the error."""
    try:
        gray = read_gray(path, most_megapixels)
    except CameraError as error:
        return ClassifiedPicture(str(path), (), str(error))
    return ClassifiedPicture(str(path), classify_faces(gray, detector, classifier))


def write_text(pictures: Sequence[ClassifiedPicture], out: TextIO, errors: TextIO) -> None:
    """Write a line for each face; errors go to `errors`."""
    for each in pictures:
        name = one_line(each.picture)
        if each.error:
            print(one_line(each.error), file=errors)
        elif not each.faces:
            print(f"{name}: no face", file=out)
        for face in each.faces:
            print(f"{name}: {_described(face)}", file=out)


def write_json(pictures: Sequence[ClassifiedPicture], out: TextIO) -> None:
    """Write a JSON list with an entry for each picture."""
    table = [
        {"picture": each.picture, "faces": [_entry(face) for face in each.faces], "error": each.error}
        for each in pictures
    ]
    print(json.dumps(table, indent=2), file=out)


def _described(face: ClassifiedFace) -> str:
    place = f"at {face.box.x},{face.box.y}, {face.box.width} pixels wide"
    if face.scores is None:
        return f"not classified, {face.reason} ({place})"
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
