"""Good enough to judge?"""

import numpy as np
import pytest

from assistant.geometry import BoundingBox
from assistant.quality import Reason, reason_not_to_judge

pytestmark = pytest.mark.runtime

PATTERN = np.random.default_rng(5).normal(0, 1, (100, 100))


@pytest.mark.parametrize(
    ("mean", "deviation", "width", "reason"),
    [
        (120, 40, 80, None),
        (20, 10, 30, None),
        (120, 40, 15, Reason.TOO_SMALL),
        (8, 6, 80, Reason.TOO_DARK),
        (235, 10, 80, Reason.TOO_BRIGHT),
        (120, 3, 80, Reason.TOO_FLAT),
    ],
)
def test_each_reason(mean, deviation, width, reason):
    """Small, dark, bright, flat."""
    frame = np.clip(mean + deviation * PATTERN, 0, 255).astype(np.uint8)
    assert reason_not_to_judge(frame, BoundingBox(10, 10, width, width)) is reason


def test_a_box_outside_the_frame_is_no_face():
    """Nothing of it can be seen."""
    assert reason_not_to_judge(np.zeros((9, 9), np.uint8), BoundingBox(50, 50, 60, 60)) is Reason.TOO_SMALL
