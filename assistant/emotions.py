"""The seven emotions of FER-2013 and the scores that a classifier gives them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SUM_TOLERANCE = 1e-3
"""The sum of all scores may differ from 1 by this much."""


class Emotion(StrEnum):
    """An emotion that a face shows; the members are in the order of FER-2013's label numbers 0 to 6."""

    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)


@dataclass(frozen=True, slots=True)
class EmotionScores:
    """A probability for each emotion, in the order of `EMOTIONS`; they add up to one."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(EMOTIONS):
            raise ValueError(f"{len(EMOTIONS)} scores are needed, not {len(self.values)}")
        if not all(0.0 <= value <= 1.0 for value in self.values):
            raise ValueError(f"scores lie between 0 and 1: {self.values}")
        if abs(sum(self.values) - 1.0) > SUM_TOLERANCE:
            raise ValueError(f"scores add up to 1, not to {sum(self.values)}")

    @classmethod
    def from_weights(cls, weights: Sequence[float]) -> EmotionScores:
        """Return the scores in proportion to weights, none of which is negative."""
        total = math.fsum(weights)
        return cls(tuple(float(weight) / total for weight in weights))

    def __getitem__(self, emotion: Emotion) -> float:
        return self.values[EMOTIONS.index(emotion)]

    @property
    def best(self) -> Emotion:
        """The emotion with the highest score; of equal ones the first."""
        return EMOTIONS[self.values.index(max(self.values))]

    @property
    def confidence(self) -> float:
        """The highest score."""
        return max(self.values)

    def by_label(self) -> dict[str, float]:
        """Return the scores by their labels, rounded to four places for people and files."""
        return {str(emotion): round(self[emotion], 4) for emotion in EMOTIONS}
