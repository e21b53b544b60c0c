"""The one in front, and where to look next."""

import pytest

from assistant.geometry import BoundingBox
from assistant.tracking import FaceTracker, TrackingSettings, in_front

pytestmark = pytest.mark.runtime

WIDTH = 640
NEAR = BoundingBox(280, 180, 100, 100)
BYSTANDER = BoundingBox(500, 100, 110, 110)


@pytest.fixture
def tracker():
    """One that forgets after a second."""
    return FaceTracker(TrackingSettings(), forget_s=1.0)


def test_the_largest_and_most_central_is_in_front():
    """A slightly larger face at the edge is not."""
    assert in_front([BYSTANDER, NEAR], WIDTH) is NEAR
    assert in_front([BoundingBox(480, 100, 260, 260), NEAR], WIDTH) is not NEAR
    assert in_front([], WIDTH) is None


def test_a_bystander_does_not_take_over(tracker):
    """Nor when the known face is missed for a moment."""
    tracker.update(0.0, [NEAR], WIDTH, everywhere=True)
    assert tracker.update(0.1, [BYSTANDER, NEAR.moved(5, 0)], WIDTH, everywhere=True) == NEAR.moved(5, 0)
    assert tracker.update(0.2, [BYSTANDER, BYSTANDER.moved(-400, 200)], WIDTH, everywhere=True) is None


def test_after_a_while_the_next_one_is_in_front(tracker):
    """A face that was away for longer than a second is forgotten."""
    tracker.update(0.0, [NEAR], WIDTH, everywhere=True)
    tracker.update(0.5, [], WIDTH, everywhere=True)
    assert tracker.update(1.2, [BYSTANDER], WIDTH, everywhere=True) == BYSTANDER


def test_the_search_is_near_the_face_and_everywhere_at_intervals(tracker):
    """Around the last box, the whole frame again after a second and as soon as the face is lost."""
    assert tracker.area(0.0) is None
    tracker.update(0.0, [NEAR], WIDTH, everywhere=True)
    area = tracker.area(0.5)
    assert area is not None
    assert (area.box, area.min_width_px, area.max_width_px) == (NEAR.grown(0.5), 75, 135)
    assert tracker.area(1.0) is None
    tracker.update(0.6, [], WIDTH, everywhere=False)
    assert tracker.area(0.6) is None


def test_an_empty_room_is_not_searched_in_every_frame(tracker):
    """At most every tenth of a second."""
    tracker.update(0.0, [], WIDTH, everywhere=True)
    assert [tracker.should_look(now) for now in (0.03, 0.07, 0.1)] == [False, False, True]
