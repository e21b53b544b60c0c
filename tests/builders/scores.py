"""Scores of the seven emotions."""

from __future__ import annotations

from assistant.emotions import EMOTIONS, Emotion, EmotionScores


def sure(emotion: Emotion, share: float = 0.9) -> EmotionScores:
    """Give one emotion this share and divide the rest among the others."""
    rest = (1 - share) / (len(EMOTIONS) - 1)
    return EmotionScores(tuple(share if each is emotion else rest for each in EMOTIONS))
