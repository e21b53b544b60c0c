"""The schedule of scans: when a whole frame is scanned, and where a known face is expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.geometry import BoundingBox

SETTINGS = SearchSettings()


@pytest.mark.parametrize(("people", "every_s"), [(0, 0.1), (1, 2.0), (2, 0.7), (5, 0.7)])
def test_the_whole_frame_is_searched_at_intervals(people, every_s):
    """The whole frame is scanned often while nobody is known, and seldom while somebody is."""
    schedule = ScanSchedule(SETTINGS)
    assert schedule.is_due(5.0, people)
    schedule.scanned(5.0)
    assert not schedule.is_due(5.0 + every_s - 0.01, people)
    assert schedule.is_due(5.0 + every_s, people)


def test_where_nothing_moves_the_frame_is_searched_less_often():
    """While nobody is there and all is still, a second passes between two searches; a movement ends that."""
    schedule = ScanSchedule(SETTINGS)
    schedule.scanned(5.0)
    assert not schedule.is_due(5.9, 0, still=True)
    assert schedule.is_due(6.0, 0, still=True)
    assert schedule.is_due(5.9, 0)
    assert schedule.is_due(5.9, 2, still=True)


def test_a_known_face_is_expected_near_its_last_place():
    """The region goes a quarter of the face's width beyond it, for faces of about its width."""
    region = ScanSchedule(SETTINGS).region(BoundingBox(280, 180, 100, 100))
    assert region.area == BoundingBox(255, 155, 150, 150)
    assert (region.min_face_px, region.face_px, region.max_face_px) == (85, 100, 118)


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 2000))
def test_a_region_holds_the_face_where_it_was(x, y, width):
    """The region of any box holds that box."""
    box = BoundingBox(x, y, width, width)
    region = ScanSchedule(SETTINGS).region(box)
    area = region.area
    assert area.x <= box.x
    assert area.y <= box.y
    assert area.x + area.width >= box.x + box.width
    assert area.y + area.height >= box.y + box.height
    assert 0 <= region.min_face_px <= region.face_px <= region.max_face_px
