"""Classifiers whose answers about movements do not depend on the model that ships."""

from __future__ import annotations

from dataclasses import replace

from assistant.emotion.movements import MOVEMENTS
from assistant.emotion.observation import Classification
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import Emotion


class MovingClassifier(TFLiteClassifier):
    """Classifies faces by a real model, and sees the movements that a drawn face makes for its emotion."""

    movements = MOVEMENTS

    def classify(self, face):
        """Return the model's answer, with evidence for movements from its scores: from 0 on where a score is a half."""
        answer: Classification = super().classify(face)
        shares = (answer.scores[each] for each in (Emotion.HAPPY, Emotion.ANGRY, Emotion.SURPRISE, Emotion.SURPRISE))
        return replace(answer, movements=tuple(6 * share - 3 for share in shares))


class StillClassifier(TFLiteClassifier):
    """Classifies faces by a real model, and has no output for movements."""

    movements = ()

    def classify(self, face):
        """Return the model's answer without movements."""
        return replace(super().classify(face), movements=None)
