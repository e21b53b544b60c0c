"""Parts of the headset, built as its default settings say."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.configuration.settings import Settings
from assistant.emotion.build import build_perception
from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import FaceDetector
from assistant.face.scan import SearchSettings
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
    if search is not None:
        settings = replace(settings, search=search)
    return build_perception(settings, classifier or shipped_classifier(), detector)
