"""Chooses the finder's thresholds, on pictures without people that training never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.single_face import cropped, mean_log_odds
from assistant.face.detector import Region
from assistant.face.detectors.finder import DOUBTFUL, Finder
from assistant.face.detectors.finder_file import load_finder
from assistant.face.detectors.haar import HaarDetector
from assistant.face.evidence import log_odds, thorough_evidence
from quantize.finder.data.faces import Gray
from quantize.finder.export.card import build_card, write_model
from quantize.finder.export.validation import Validation
from quantize.progress import progress_bar

FALSE_FACE = 0.005
"""At most this share of the scenes and of their parts may have a false face, after the emotion network has decided."""

FALSE_IN_SCENE = 0.01
"""At most this share of the whole scenes may have one."""

FALSE_NEAR = 0.2
"""At most this share of the false alarms of the Haar cascade may be confirmed by the finder."""

MIN_THRESHOLD = 0.3
"""No threshold is lower than this, even if there are few false faces to choose it by."""

MIN_SCORE = 0.02
"""Detections with a lower score are not considered here."""

LENIENT_ALONE = 0.3
"""The threshold `alone` with which the false faces are collected; the chosen threshold is not lower."""

HIGHEST = 0.95
"""No threshold is higher than this."""


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
    alarms = [
        _alarms(finder, trial.classifier, picture)
        for picture in progress_bar(pictures, "searching pictures without people")
    ]
    return {"near": near, "alone": lowest_alone(alarms, len(validation.empty))}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A detection in a picture without people."""

    logit: float
    """The finder's logit."""
    first: float
    """The emotion network's log odds for a face, for the detection's crop alone."""
    mean: float
    """The mean of these log odds over all crops."""

    def is_false_face(self, alone: float) -> bool:
        """Return whether the headset takes it for a face, with this threshold."""
        own = self.logit - log_odds(alone)
        return own >= -DOUBTFUL and thorough_evidence(own, self.first, lambda: self.mean) >= 0


def _without_people(validation: Validation) -> list[Gray]:
    return [*validation.empty, *(part for seed in (0, 2, 3, 4, 5) for part in validation.crops(seed))]


def _alarms(finder: Finder, classifier: EmotionClassifier, picture: Gray) -> list[Alarm]:
    """Return the detections for which the headset would ask the emotion network."""
    alarms = []
    for found in finder.detect(picture):
        face = cropped(picture, found)
        first = classifier.classify(face).face_log_odds if face.size else None
        if first is not None and found.evidence is not None:
            mean = mean_log_odds(picture, found, face, first, classifier)
            alarms.append(Alarm(found.evidence + log_odds(LENIENT_ALONE), first, mean))
    return alarms


def lowest_alone(alarms: Sequence[Sequence[Alarm]], scenes: int) -> float:
    """Return the lowest threshold, in hundredths, with which few enough pictures have a false face.

    `alarms` are those of each picture; the first pictures are whole `scenes`, the others parts of them.
    """
    for hundredths in range(round(100 * LENIENT_ALONE), round(100 * HIGHEST)):
        wrong = [any(each.is_false_face(hundredths / 100) for each in picture) for picture in alarms]
        if sum(wrong) <= FALSE_FACE * len(alarms) and sum(wrong[:scenes]) <= FALSE_IN_SCENE * scenes:
            return hundredths / 100
    return HIGHEST


def _confirming_scores(finder: Finder, picture: Gray) -> Iterator[float]:
    """Return the finder's scores at each false alarm of the cascade."""
    for wrong in HaarDetector().detect(picture):
        box = wrong.box
        region = Region(box, box.width, box.width // 2, 2 * box.width)
        yield max((found.score for found in finder.detect(picture, region)), default=0.0)


def _threshold(scores: Sequence[float], share_over: float) -> float:
    """Return the lowest threshold, in hundredths, that at most this share of the scores reach."""
    lowest = float(np.quantile(scores, 1 - share_over))
    return float(round(min(max(np.ceil(100 * lowest + 1e-6) / 100, MIN_THRESHOLD), HIGHEST), 2))
