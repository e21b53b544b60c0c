"""From a frame to what is seen in it: detect, follow, crop, judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.geometry import BoundingBox
from assistant.ports import EmotionClassifier, FaceDetector, JudgedFace
from assistant.quality import reason_not_to_judge
from assistant.tracking import FaceTracker


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame showed: the face in front, if any."""

    face: JudgedFace | None


def judge(gray: npt.NDArray[np.uint8], box: BoundingBox, classifier: EmotionClassifier) -> JudgedFace:
    """Judge the face in `box`.

    The crop is the detector's box as it is: run on FER-2013's own pictures, Haar's box is 0.98 of the picture
    wide and centred in it (medians), so this is what the network learned from.
    """
    reason = reason_not_to_judge(gray, box)
    scores = None if reason else classifier.classify(box.crop(gray))
    return JudgedFace(box, scores, reason)


def judge_all(gray: npt.NDArray[np.uint8], detector: FaceDetector, classifier: EmotionClassifier) -> list[JudgedFace]:
    """Judge every face of a picture, the largest first."""
    boxes = sorted(detector.detect(gray), key=lambda box: box.area, reverse=True)
    return [judge(gray, box, classifier) for box in boxes]


class Perception:
    """Follows the face in front through a stream of frames."""

    def __init__(self, detector: FaceDetector, classifier: EmotionClassifier, tracker: FaceTracker) -> None:
        self._detector = detector
        self._classifier = classifier
        self._tracker = tracker

    def perceive(self, gray: npt.NDArray[np.uint8], now: float) -> Observation:
        """Look at a gray frame [height, width] taken at `now` seconds."""
        box = self._find(gray, now)
        return Observation(None if box is None else judge(gray, box, self._classifier))

    def _find(self, gray: npt.NDArray[np.uint8], now: float) -> BoundingBox | None:
        if not self._tracker.should_look(now):
            return None
        area = self._tracker.area(now)
        if area is not None:
            near = self._tracker.update(now, self._detector.detect(gray, area), gray.shape[1], everywhere=False)
            if near is not None:
                return near
        return self._tracker.update(now, self._detector.detect(gray), gray.shape[1], everywhere=True)
