"""Chooses the finder's thresholds, on pictures without people that training never saw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.perception import classify_face
from assistant.face.detector import Region
from assistant.face.detectors.finder import DOUBTFUL, Finder
from assistant.face.detectors.finder_file import load_finder
from assistant.face.detectors.haar import HaarDetector
from assistant.face.evidence import log_odds
from quantize.finder.data.faces import Gray
from quantize.finder.export.card import build_card, write_model
from quantize.finder.export.validation import Validation
from quantize.progress import progress_bar

FALSE_FACE = 0.005
"""At most this share of the scenes and of their parts may have a false face, after the emotion network has decided."""

FALSE_NEAR = 0.2
"""At most this share of the false alarms of the Haar cascade may be confirmed by the finder."""

MIN_THRESHOLD = 0.3
"""No threshold is lower than this, even if there are few false faces to choose it by."""

MIN_SCORE = 0.02
"""Detections with a lower score are not considered here."""

LENIENT_ALONE = 0.3
"""The threshold `alone` with which the false faces are collected; the chosen threshold is not lower."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A converted file that is tried with several thresholds, and the emotion network that decides with it."""

    path: Path
    content: bytes
    facts: dict[str, Any]
    classifier: EmotionClassifier

    def finder(self, thresholds: dict[str, float]) -> Finder:
        """Return the finder with these thresholds."""
        write_model(self.path, self.content, build_card(self.content, self.facts, thresholds, {}), [])
        return load_finder(self.path)


def choose_thresholds(trial: Trial, validation: Validation) -> dict[str, float]:
    """Return the lowest thresholds that let at most the allowed shares of false faces through."""
    pictures = _without_people(validation)
    lenient = trial.finder(dict.fromkeys(("alone", "near"), MIN_SCORE))
    confirmed = [
        score
        for picture in progress_bar(pictures, "checking the cascade")
        for score in _confirming_scores(lenient, picture)
    ]
    near = _threshold(confirmed, FALSE_NEAR) if confirmed else MIN_THRESHOLD
    finder = trial.finder({"alone": LENIENT_ALONE, "near": near})
    strongest = [
        _strongest_evidence(finder, trial.classifier, picture)
        for picture in progress_bar(pictures, "searching pictures without people")
    ]
    scores = [_score_for(LENIENT_ALONE, evidence) for evidence in strongest]
    return {"near": near, "alone": _threshold(scores, FALSE_FACE)}


def _without_people(validation: Validation) -> list[Gray]:
    return [*validation.empty, *(part for seed in (0, 2, 3, 4, 5) for part in validation.crops(seed))]


def _strongest_evidence(finder: Finder, classifier: EmotionClassifier, picture: Gray) -> float:
    """Return the most evidence for a face in a picture, for which the headset would ask the emotion network."""
    detections = finder.detect(picture)
    evidence = ((found.evidence, classify_face(picture, found, classifier)[1]) for found in detections)
    pairs = ((own + DOUBTFUL, joined) for own, joined in evidence if own is not None and joined is not None)
    return max((min(pair) for pair in pairs), default=-math.inf)


def _score_for(alone: float, evidence: float) -> float:
    """Return the threshold at which a detection with this evidence at the threshold `alone` just counts as a face."""
    return 1.0 / (1.0 + math.exp(-(log_odds(alone) + evidence)))


def _confirming_scores(finder: Finder, picture: Gray) -> Iterator[float]:
    """Return the finder's scores at each false alarm of the cascade."""
    for wrong in HaarDetector().detect(picture):
        box = wrong.box
        region = Region(box, box.width, box.width // 2, 2 * box.width)
        yield max((found.score for found in finder.detect(picture, region)), default=0.0)


def _threshold(scores: Sequence[float], share_over: float) -> float:
    """Return the lowest threshold, in hundredths, that at most this share of the scores reach."""
    lowest = float(np.quantile(scores, 1 - share_over))
    return float(round(min(max(np.ceil(100 * lowest + 1e-6) / 100, MIN_THRESHOLD), 0.95), 2))
