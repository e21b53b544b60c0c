"""Averages the scores of single frames over time."""

from __future__ import annotations

import math

from assistant.emotions import EMOTIONS, EmotionScores

LEAST_SCORE = 1e-3
"""A lower score counts as this, because one frame must not rule an emotion out for seconds."""

FIRST_FRAME_S = 1 / 15
"""The first frame counts for this time, because no frame came before it."""


class ScoreSmoother:
    """Averages log-probabilities by time: frames that come twice as often count half as much each.

    A frame of the age `time_constant_s` counts 1/e of a new one. The logarithms are averaged, and not the
    probabilities, because the logarithms of independent observations of one face add up.
    """

    def __init__(self, time_constant_s: float) -> None:
        self._time_constant_s = time_constant_s
        self._sums = [0.0] * len(EMOTIONS)
        self._weight = 0.0

    def update(self, scores: EmotionScores, elapsed_s: float, weight: float = 1.0) -> EmotionScores:
        """Add the scores of a frame, `elapsed_s` seconds after the frame before, and return the average."""
        kept = math.exp(-elapsed_s / self._time_constant_s)
        added = weight * (1.0 - kept if self._weight else FIRST_FRAME_S / self._time_constant_s)
        self._sums = [
            kept * old + added * math.log(max(new, LEAST_SCORE))
            for old, new in zip(self._sums, scores.values, strict=True)
        ]
        self._weight = kept * self._weight + added
        if not self._weight:  # two frames at one time, both without weight
            return scores
        means = [each / self._weight for each in self._sums]
        return EmotionScores.from_weights([math.exp(each - max(means)) for each in means])

    def reset(self) -> None:
        """Forget all frames: the next face is another person's."""
        self._sums = [0.0] * len(EMOTIONS)
        self._weight = 0.0
