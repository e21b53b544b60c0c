"""Scores of single frames, averaged over time."""

from __future__ import annotations

import math

from assistant.emotions import EMOTIONS, EmotionScores

LEAST_SCORE = 1e-3
"""Scores below count as this: one frame that is sure against an emotion must not rule it out for seconds."""

FIRST_FRAME_S = 1 / 15
"""What the first frame counts for, having none before it."""


class ScoreSmoother:
    """An average of log-probabilities by time: frames that come twice as often count half as much each.

    `time_constant_s` is the age at which a frame's weight has fallen to 1/e. The mean of logarithms, and not of
    probabilities, is what independent looks at one face add up to.
    """

    def __init__(self, time_constant_s: float) -> None:
        self._time_constant_s = time_constant_s
        self._sums = [0.0] * len(EMOTIONS)
        self._weight = 0.0

    def update(self, scores: EmotionScores, elapsed_s: float, weight: float = 1.0) -> EmotionScores:
        """Add the scores of a frame, `elapsed_s` seconds after the one before, and return the average."""
        kept = math.exp(-elapsed_s / self._time_constant_s)
        added = weight * (1.0 - kept if self._weight else FIRST_FRAME_S / self._time_constant_s)
        self._sums = [
            kept * old + added * math.log(max(new, LEAST_SCORE))
            for old, new in zip(self._sums, scores.values, strict=True)
        ]
        self._weight = kept * self._weight + added
        if not self._weight:  # two frames at one time, of no weight
            return scores
        means = [each / self._weight for each in self._sums]
        return EmotionScores.from_weights([math.exp(each - max(means)) for each in means])

    def reset(self) -> None:
        """Forget everything: the next face is another person's."""
        self._sums = [0.0] * len(EMOTIONS)
        self._weight = 0.0
