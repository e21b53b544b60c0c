"""What is built of an emotion model, and which movements may be said with it."""

from math import inf

import pytest

from assistant.emotion.build import movements_of
from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotion.observation import Classification
from assistant.emotions import Emotion
from tests.builders.scores import sure


class Says:
    """A classifier that gives this evidence for movements."""

    def __init__(self, movements):
        self.movements = movements

    def classify(self, face):
        """Return the evidence, for a picture of any size."""
        assert face.ndim == 2
        return Classification(sure(Emotion.NEUTRAL), movements=self.movements)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (None, ()),
        ((-3.0, -9.0, 0.0, 2.0), MOVEMENTS),
        ((-3.0, -inf, 1.0, -inf), (Movement.SMILE, Movement.BROWS_RAISED)),
        ((-inf,) * 4, ()),
    ],
)
def test_only_movements_with_a_threshold_may_be_said(evidence, expected):
    """Without an output there are none, and a movement without a threshold never has evidence."""
    assert movements_of(Says(evidence)) == expected
