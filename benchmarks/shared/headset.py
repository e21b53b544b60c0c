"""Parts of the headset, built as its default settings say."""

from __future__ import annotations

from assistant.app.settings import Settings
from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import FaceDetector
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model


def shipped_classifier() -> TFLiteClassifier:
    """Load the emotion network that ships."""
    return TFLiteClassifier(shipped_model())


def headset_perception(
    detector: FaceDetector | None = None,
    classifier: EmotionClassifier | None = None,
    search: SearchSettings | None = None,
) -> Perception:
    """Build perception by the default settings, with another detector, classifier or search where one is given."""
    settings = Settings()
    return Perception(
        detector or build_detector(),
        classifier or shipped_classifier(),
        FaceTracker(settings.tracking, settings.debounce.lost_s),
        ScanSchedule(search or settings.search),
    )
