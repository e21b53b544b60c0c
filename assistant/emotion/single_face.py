"""Classifies one detection of a frame: its crop, its quality, its scores, and whether it is a face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from assistant.emotion.observation import ClassifiedFace, EmotionClassifier
from assistant.emotion.preprocess import resize_face, upright_crop
from assistant.face.detector import Detection
from assistant.face.evidence import face_evidence, thorough_evidence
from assistant.face.quality import reject_reason, sharpness, weight
from assistant.face.reject_reason import RejectReason

Gray = npt.NDArray[np.uint8]

DISTINGUISHABLE = (None, RejectReason.TURNED_AWAY, RejectReason.BLURRED)
"""In these crops the crowd output can still distinguish a face from other things; in dark or tiny crops it cannot.

The output for faces can, because it learned from such crops too.
"""


@dataclass(frozen=True, slots=True)
class _Crop:
    """How a further crop differs from the detection's own; its lengths are shares of the box."""

    grown: float = 0.0
    """By this much each edge is further out."""
    right: float = 0.0
    down: float = 0.0
    turned_deg: float = 0.0


FURTHER_CROPS = (
    _Crop(grown=0.08),
    _Crop(grown=-0.08),
    _Crop(grown=0.16),
    _Crop(grown=-0.16),
    _Crop(right=0.06, down=0.04),
    _Crop(right=-0.06, down=-0.04),
    _Crop(down=0.08),
    _Crop(down=-0.08),
    _Crop(turned_deg=8.0),
    _Crop(turned_deg=-8.0),
)

MIRRORED = 2
"""The detection's own crop and this many of the further crops are also shown mirrored."""


def classify_face(
    gray: Gray, detection: Detection, classifier: EmotionClassifier, *, thoroughly: bool = True
) -> tuple[ClassifiedFace, float | None]:
    """Classify a detection in a gray frame; return its evidence too, see `face_evidence`.

    A detection with evidence below 0 gets the reason `NOT_A_FACE` instead of scores. Unless it is done `thoroughly`,
    the evidence comes from one crop, also where that leaves doubt.
    """
    box = detection.box
    face = cropped(gray, detection)
    sharp = sharpness(face) if face.size else 0.0
    reason = reject_reason(box.width, face, sharp, yaw_deg=detection.yaw_deg)
    asked = face.size and (detection.evidence is not None or reason in DISTINGUISHABLE)
    answer = classifier.classify(face) if asked else None
    evidence = None if answer is None else answer.veto
    if detection.evidence is not None:
        found, first = detection.evidence, None if answer is None else answer.face_log_odds
        mean = partial(mean_log_odds, gray, detection, face, first or 0.0, classifier)
        evidence = thorough_evidence(found, first, mean) if thoroughly else face_evidence(found, first)
    if evidence is not None and evidence < 0:
        reason = RejectReason.NOT_A_FACE
    if answer is None:
        return ClassifiedFace(box, None, reason, detection.pose), evidence
    scores, movements = (answer.scores, answer.movements) if reason is None else (None, None)
    counts = weight(sharp, answer.not_a_face)
    return ClassifiedFace(box, scores, reason, detection.pose, counts, movements), evidence


def mean_log_odds(gray: Gray, detection: Detection, face: Gray, first: float, classifier: EmotionClassifier) -> float:
    """Return the mean of the network's log odds for a face, over a detection's crop `face` and further crops.

    `first` are the log odds for `face`. Another thing seldom looks like a face in all crops.
    """
    answers = (classifier.classify(crop).face_log_odds for crop in _further_crops(gray, detection, face))
    known = [first, *(each for each in answers if each is not None)]
    return sum(known) / len(known)


def _further_crops(gray: Gray, detection: Detection, face: Gray) -> Iterator[Gray]:
    """Yield mirror images of a detection's crop `face`, and of crops that differ a little; then those crops."""
    crops = [face, *(crop for each in FURTHER_CROPS if (crop := _crop(gray, detection, each)).size)]
    yield from (np.ascontiguousarray(crop[:, ::-1]) for crop in crops[: 1 + MIRRORED])
    yield from crops[1:]


def _crop(gray: Gray, detection: Detection, by: _Crop) -> Gray:
    box, side = detection.box.grown(by.grown), detection.box.width
    moved = box.moved(round(by.right * side), round(by.down * side))
    crop = upright_crop(gray, moved, detection.roll_deg + by.turned_deg)
    return resize_face(crop) if crop.size else crop


def cropped(gray: Gray, detection: Detection) -> Gray:
    """Return a detection's face, upright, as the network takes it: uint8 [48, 48]; empty outside of the frame.

    The crop is the detection's box as it is: run on FER-2013's own pictures, Haar's box is 0.99 of the picture
    wide and centred in it (medians, benchmarks/haar_frame.py), so this is what the network learned from.
    """
    return _crop(gray, detection, _Crop())
