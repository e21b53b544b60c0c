"""Scores of single frames, averaged over time."""

from __future__ import annotations

import math

from assistant.emotions import EmotionScores


class ScoreSmoother:
    """An exponential average by time: frames that come twice as often count half as much each.

    `time_constant_s` is the age at which a frame's weight has fallen to 1/e.
    """

    def __init__(self, time_constant_s: float) -> None:
        self._time_constant_s = time_constant_s
        self._average: EmotionScores | None = None

    def update(self, scores: EmotionScores, elapsed_s: float) -> EmotionScores:
        """Add the scores of a frame, `elapsed_s` seconds after the one before, and return the average."""
        if self._average is None:
            self._average = scores
        else:
            share = 1.0 - math.exp(-elapsed_s / self._time_constant_s)
            pairs = zip(self._average.values, scores.values, strict=True)
            self._average = EmotionScores.from_weights([old + share * (new - old) for old, new in pairs])
        return self._average

    def reset(self) -> None:
        """Forget everything: the next face is another person's."""
        self._average = None
