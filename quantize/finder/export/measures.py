"""Measures a finder, with the emotion network beside it as in the headset, on pictures that training never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.single_face import classify_face
from assistant.errors import DataError
from assistant.face.detector import Detection
from assistant.face.detectors.finder import Finder
from assistant.face.pose import head_pose
from assistant.face.reject_reason import RejectReason
from quantize.finder.data.faces import Face, Gray
from quantize.finder.export.validation import Validation, ValidationFrame, by, share, turned
from quantize.progress import progress_bar


@dataclass(frozen=True, slots=True)
class HeadsetDetector:
    """A finder whose detections the emotion network may reject, as in the headset."""

    finder: Finder
    classifier: EmotionClassifier

    def faces(self, picture: Gray) -> list[Detection]:
        """Return the detections that count as faces."""
        found = [(each, classify_face(picture, each, self.classifier)[0]) for each in self.finder.detect(picture)]
        return [each for each, classified in found if classified.reason is not RejectReason.NOT_A_FACE]

    def finds_alone(self, picture: Gray) -> bool:
        """Return whether the finder would report a face if the emotion network had no say."""
        return any((each.evidence or 0.0) >= 0 for each in self.finder.detect(picture))


def measure(detector: HeadsetDetector, validation: Validation, seed: int) -> dict[str, Any]:
    """Measure which share of the faces is found, by kind of face and of frame, and how often a face is found wrongly.

    A validation part without faces or without scenes raises DataError.
    """
    if not validation.faces or not validation.empty:
        raise DataError("the validation part has no faces or no scenes")
    some = validation.faces[::3]
    found = {name: _entry(hits) for name, hits in _hits_by_kind(detector, validation, some, seed).items()}
    frames = [*validation.frames(some, seed), *validation.frames(some, seed, lean_deg=25)]
    return {
        "usage": "validation",
        "found": found,
        "false_face": _false_faces(detector, validation),
        "median_errors": _median_errors(detector, frames),
    }


def _hits_by_kind(
    detector: HeadsetDetector, validation: Validation, some: Sequence[Face], seed: int
) -> dict[str, Sequence[bool]]:
    faces = validation.faces
    usual = _hits(detector, validation.frames(faces, seed))
    rows: dict[str, Sequence[bool]] = {"all": usual}
    for name, key in (("group", lambda f: f.group), ("sex", lambda f: f.sex), ("age", lambda f: f.age)):
        rows |= {f"{name}: {kind}": hits for kind, hits in by(faces, key, usual).items()}
    kinds: dict[str, Iterator[ValidationFrame]] = {
        "turned by 35 to 60 degrees": validation.frames(turned(faces, 35, 60), seed),
        "leaning by 40 degrees": validation.frames(some, seed, lean_deg=40),
        "box 34 pixels wide": validation.frames(some, seed, width_px=34),
        "box 200 pixels wide": validation.frames(some, seed, width_px=200),
        "light 0.1": validation.frames(some, seed, light=0.1),
    }
    return rows | {name: _hits(detector, frames) for name, frames in kinds.items()}


def _hits(detector: HeadsetDetector, frames: Iterator[ValidationFrame]) -> list[bool]:
    return [
        any(frame.is_found_at(each.box.center) for each in detector.faces(frame.frame))
        for frame in progress_bar(frames, "searching frames")
    ]


def _false_faces(detector: HeadsetDetector, validation: Validation) -> dict[str, Any]:
    return {
        "scenes": _entry([bool(detector.faces(scene)) for scene in validation.empty]),
        "scenes, had the emotion network no say": _entry([detector.finds_alone(scene) for scene in validation.empty]),
        "parts of scenes": _entry([bool(detector.faces(part)) for part in validation.crops(seed=1)]),
    }


def _median_errors(detector: HeadsetDetector, frames: Sequence[ValidationFrame]) -> dict[str, float]:
    """Return the median errors of the points, in widths of the face, and of the angles, compared with YuNet's."""
    errors: dict[str, list[float]] = {"points, widths": [], "yaw, degrees": [], "roll, degrees": []}
    for frame in frames:
        own = [each for each in detector.faces(frame.frame) if frame.is_found_at(each.box.center)]
        if frame.points is None or not own or own[0].points is None:
            continue
        points = np.array(own[0].points, np.float32)
        pose, known = head_pose(points), head_pose(frame.points)
        off = float(np.hypot(*(points - frame.points).T).mean()) / frame.width_px
        for name, error in zip(
            errors, (off, pose.yaw_deg - known.yaw_deg, pose.roll_deg - known.roll_deg), strict=True
        ):
            errors[name].append(abs(error))
    return {name: round(float(np.median(values)), 3) for name, values in errors.items() if values}


def _entry(hits: Sequence[bool]) -> dict[str, Any]:
    mean, low, high = share(hits)
    return {"n": len(hits), "share": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
