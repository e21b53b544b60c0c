"""Accumulates the evidence for each emotion over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.emotions import EMOTIONS, EmotionScores

LEAST_SCORE = 1e-3
"""A lower score counts as this, because one frame must not decide for seconds."""

LEAST_EVIDENCE = -1.0
"""The evidence against an emotion is not counted below this, so that a change of expression is noticed soon."""


class EvidenceAccumulator:
    """Adds up each emotion's log odds against its best rival, by time and not by frames.

    Neighbouring frames show one look of a face, so the frames within `look_s` seconds count as one observation,
    however many there are. Evidence that is `memory_s` seconds old counts 1/e of new evidence.
    """

    def __init__(self, look_s: float, memory_s: float) -> None:
        self._look_s = look_s
        self._memory_s = memory_s
        self.evidence = [0.0] * len(EMOTIONS)
        """Log odds, in the order of `EMOTIONS`."""

    def add(self, scores: EmotionScores, elapsed_s: float, weight: float, ceilings: Sequence[float]) -> None:
        """Add a frame that counts for `elapsed_s` seconds and by `weight` (0 to 1).

        No emotion's evidence grows above its ceiling: more of it would only delay the notice of a change.
        """
        kept = math.exp(-elapsed_s / self._memory_s)
        looks = weight * (1.0 - kept) * self._memory_s / self._look_s
        self.evidence = [
            min(max(kept * before + looks * odds, LEAST_EVIDENCE), ceiling)
            for before, odds, ceiling in zip(self.evidence, margins(scores), ceilings, strict=True)
        ]

    def forget(self, elapsed_s: float) -> None:
        """Let the evidence age by this time, in which the face could not be classified."""
        kept = math.exp(-elapsed_s / self._memory_s)
        self.evidence = [kept * before for before in self.evidence]

    def reset(self) -> None:
        """Forget all frames: the next face is another person's."""
        self.evidence = [0.0] * len(EMOTIONS)


def margins(scores: EmotionScores) -> list[float]:
    """Return the log odds of each emotion against its best rival in one frame, in the order of `EMOTIONS`."""
    logs = [math.log(max(score, LEAST_SCORE)) for score in scores.values]
    first, second = sorted(logs)[-1:-3:-1]
    return [each - (second if each == first else first) for each in logs]
