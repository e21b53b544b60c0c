"""The evidence from which an emotion is said: plainly, or with a "maybe"."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.emotions import EMOTIONS, Emotion

PLAINLY, MAYBE = 0.95, 0.8
"""An emotion that is said plainly shall be right in this share of the cases, and one that is said with a "maybe"."""

Evidence = tuple[float | None, ...]


def wald_bound(precision: float) -> float:
    """Return the log odds at which a test of two hypotheses may end with a share of `precision` of right decisions.

    A. Wald, "Sequential Tests of Statistical Hypotheses", Annals of Mathematical Statistics 16, 1945.
    """
    return math.log(precision / (1.0 - precision))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The evidence that each emotion needs, in the order of `EMOTIONS`; None where the emotion is never said so.

    Evidence is measured in log odds of an emotion against its best rival. A model that was never calibrated has the
    bounds of this class's defaults: it says nothing plainly.
    """

    plainly: Evidence = (None,) * len(EMOTIONS)
    maybe: Evidence = (wald_bound(MAYBE),) * len(EMOTIONS)

    def plainly_from(self, emotion: Emotion) -> float | None:
        """Return the evidence from which this emotion is said plainly."""
        return self.plainly[EMOTIONS.index(emotion)]

    def maybe_from(self, emotion: Emotion) -> float | None:
        """Return the evidence from which this emotion is said with a "maybe"."""
        return self.maybe[EMOTIONS.index(emotion)]
