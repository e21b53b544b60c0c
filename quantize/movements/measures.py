"""Measures on the points of a face what moves with its expression."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from quantize.movements.mesh import LEFT_EYE, RIGHT_EYE, Points

FloatArray = npt.NDArray[np.float32]

MEASURES = ("gap", "mouth_width", "corners", "brows", "inner_brows", "brows_apart", "outer_brows")
"""How far the lips are apart; how wide the mouth is; how far its corners are above the middle of the lips; how far the
brows, their inner and outer parts are above the eyes; how far the brows are apart. In distances of the outer corners of
the eyes, along the face's own axes, so that the turn of a head changes little."""

MOST_TURNED = 0.45
"""Where one eye is farther away than the other by more than this, in the same unit, the face is turned too far."""

FOREHEAD, CHIN, UPPER_LIP, LOWER_LIP = 10, 152, 13, 14
CORNERS, EYES = (61, 291), (33, 133, 263, 362)
BROWS, INNER_BROWS, OUTER_BROWS = (105, 334, 66, 296, 107, 336), (107, 336, 55, 285), (70, 300, 63, 293)
INNER_EYES, OUTER_EYES, BETWEEN_BROWS = (133, 362), (RIGHT_EYE, LEFT_EYE), (55, 285)


def measured(points: Points) -> FloatArray | None:
    """Return the measures float32 [7], in the order of `MEASURES`; None for a face that is turned too far."""
    across = points[LEFT_EYE] - points[RIGHT_EYE]
    unit = float(np.linalg.norm(across))
    if abs(float(across[2])) > MOST_TURNED * unit:
        return None
    right = across / unit
    down = points[CHIN] - points[FOREHEAD]
    down = down - right * float(down @ right)
    heights = points @ (down / np.linalg.norm(down)) / unit

    def below(these: tuple[int, ...], those: tuple[int, ...]) -> float:
        return float(heights[list(these)].mean() - heights[list(those)].mean())

    def distance(one: int, other: int) -> float:
        return float(np.linalg.norm(points[one] - points[other])) / unit

    values = (
        distance(UPPER_LIP, LOWER_LIP),
        distance(*CORNERS),
        below((UPPER_LIP, LOWER_LIP), CORNERS),
        below(EYES, BROWS),
        below(INNER_EYES, INNER_BROWS),
        distance(*BETWEEN_BROWS),
        below(OUTER_EYES, OUTER_BROWS),
    )
    return np.array(values, np.float32)
