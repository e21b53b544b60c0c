"""The direction and the distance of a face."""

import pytest

from assistant.face.position import Direction, placement
from assistant.geometry import BoundingBox


@pytest.mark.parametrize(
    ("x", "width", "direction", "distance_m"),
    [
        (303, 34, Direction.AHEAD, 2.4),
        (218, 203, Direction.AHEAD, 0.4),
        (0, 80, Direction.LEFT, 1.0),
        (560, 80, Direction.RIGHT, 1.0),
    ],
)
def test_placement(x, width, direction, distance_m):
    """In a frame 640 pixels wide that shows 66 degrees, a box has this direction and distance."""
    where = placement(BoundingBox(x, 100, width, width), (640, 480), 66.0)
    assert where.direction is direction
    assert where.distance_m == pytest.approx(distance_m, rel=0.03)
