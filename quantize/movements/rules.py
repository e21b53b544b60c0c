"""Decides from the measures of a face which movements it shows.

Nobody has labelled movements here. FER+'s votes say which measures change with which emotion: where they call a face
happy, its mouth smiles. So each rule is the sum of measures that best distinguishes the faces of some emotions from
those that FER+ calls neutral (R. A. Fisher's linear discriminant, 1936), and a face shows the movement where the sum
is larger than in nineteen of twenty neutral faces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.emotion.movements import Movement
from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import DataError
from quantize.data.ferplus import Majorities
from quantize.movements.measures import MEASURES

FloatArray = npt.NDArray[np.float32]

BROWS = ("brows", "inner_brows", "brows_apart", "outer_brows")
SHOWN_BY: Mapping[Movement, tuple[tuple[str, ...], tuple[Emotion, ...]]] = {
    Movement.SMILE: (("mouth_width", "corners"), (Emotion.HAPPY,)),
    Movement.FROWN: (BROWS, (Emotion.ANGRY, Emotion.DISGUST)),
    Movement.BROWS_RAISED: (BROWS, (Emotion.SURPRISE,)),
    Movement.MOUTH_OPEN: (("gap",), (Emotion.SURPRISE,)),
}
"""The measures of each movement, and the emotions that show it; in the order of `MOVEMENTS`."""

CALM = 0.95
"""Less than one in twenty neutral faces shows a movement."""

OPEN_GAP = 0.1
"""A mouth is open when its lips are apart by this share of the distance of the eyes' outer corners, about 9 mm.

By the neutral faces it would be open at 4 mm.
"""

FEWEST = 30


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A sum of measures: `weights` float32 [7], in deviations of the neutral faces; `limit` in the same unit."""

    weights: FloatArray
    limit: float

    def margin(self, measures: FloatArray) -> FloatArray:
        """Return by how much faces with these measures, float32 [N, 7], show more than the limit, float32 [N]."""
        return np.asarray(measures @ self.weights - np.float32(self.limit), np.float32)


def fit_rules(measures: FloatArray, majorities: Majorities) -> list[Rule]:
    """Return the rule of each movement, from the measures float32 [N, 7] of faces and what FER+ calls them.

    DataError is raised when too few faces show one of the emotions that are needed.
    """
    return [_rule(measures, majorities, *SHOWN_BY[movement]) for movement in Movement]


def margins(rules: list[Rule], measures: FloatArray) -> FloatArray:
    """Return by how much faces show each movement, float32 [N, movements]; above 0 they show it."""
    return np.stack([rule.margin(measures) for rule in rules], axis=1)


def _rule(measures: FloatArray, majorities: Majorities, names: tuple[str, ...], shown: tuple[Emotion, ...]) -> Rule:
    moved = _of(measures, majorities, shown)
    calm = _of(measures, majorities, (Emotion.NEUTRAL,))
    columns = [MEASURES.index(name) for name in names]
    spread = sum(np.atleast_2d(np.cov(each[:, columns].T)) for each in (moved, calm))
    weights = np.zeros(len(MEASURES), np.float32)
    weights[columns] = np.linalg.solve(spread, moved[:, columns].mean(axis=0) - calm[:, columns].mean(axis=0))
    weights /= (calm @ weights).std()
    gap = weights[MEASURES.index("gap")] * OPEN_GAP
    return Rule(weights, float(gap or np.quantile(calm @ weights, CALM)))


def _of(measures: FloatArray, majorities: Majorities, emotions: tuple[Emotion, ...]) -> FloatArray:
    chosen = measures[np.isin(majorities, [EMOTIONS.index(emotion) for emotion in emotions])]
    if len(chosen) < FEWEST:
        raise DataError(
            f"{len(chosen)} faces that FER+ calls {' or '.join(emotions)} were measured: {FEWEST} are needed"
        )
    return chosen
