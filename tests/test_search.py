"""Where and how to look."""

from __future__ import annotations

import pytest

from assistant.geometry import BoundingBox
from assistant.search import (
    FoundFace,
    Pattern,
    SearchPlan,
    SearchSettings,
    first_look,
    further_looks,
    looks_near,
)

pytestmark = pytest.mark.runtime

SETTINGS = SearchSettings()
FACE = FoundFace(BoundingBox(280, 180, 100, 100))


def test_the_first_look_is_the_cheapest():
    """At half the width of the frame, for faces of 58 pixels and more; those below are the far look's."""
    first = first_look(SETTINGS, 640)
    far = next(look for look in further_looks(SETTINGS, 640) if look.max_face_px)
    assert (first.width_px, first.min_face_px, first.roll_deg, first.border) == (320, 58, 0, 0)
    assert far.min_face_px == 34
    assert far.max_face_px is not None
    assert far.max_face_px >= first.min_face_px


def test_near_a_known_face_the_look_is_as_it_was_then():
    """First as it leaned, then otherwise; one that was seen from the side may turn to the front."""
    near, *others = looks_near(SETTINGS, FoundFace(FACE.box, roll_deg=20), 640)
    assert near.area == FACE.box.grown(0.25)
    assert (near.min_face_px, near.max_face_px, near.roll_deg) == (85, 118, 20)
    assert {look.roll_deg for look in others if look.pattern is Pattern.FRONT} == {0, -20}
    first, second, *_ = looks_near(SETTINGS, FoundFace(FACE.box, pattern=Pattern.LEFT_SIDE), 640)
    assert (first.pattern, second.pattern) == (Pattern.LEFT_SIDE, Pattern.FRONT)


@pytest.mark.parametrize(("width", "searched"), [(34, 30), (100, 50), (300, 56)])
def test_a_known_face_is_searched_at_a_size_that_is_found_and_quick(width, searched):
    """Far ones are not shrunk, near ones more."""
    near = looks_near(SETTINGS, FoundFace(BoundingBox(10, 10, width, width)), 640)[0]
    assert width * near.width_px / 640 == pytest.approx(searched, abs=0.5)


def test_all_looks_have_their_turn():
    """Two a frame, the first one always."""
    plan = SearchPlan(SETTINGS)
    turns = [plan.everywhere(0.1 * frame, 640) for frame in range(len(further_looks(SETTINGS, 640)))]
    assert {looks[0] for looks in turns} == {first_look(SETTINGS, 640)}
    assert {looks[1] for looks in turns} == set(further_looks(SETTINGS, 640))
    quick = SearchPlan(SearchSettings(thorough=False))
    assert quick.everywhere(0.0, 640) == (first_look(SETTINGS, 640),)


@pytest.mark.parametrize(("people", "every_s"), [(0, 0.1), (1, 2.0), (2, 0.7), (5, 0.7)])
def test_the_whole_frame_is_searched_at_intervals(people, every_s):
    """Often while nobody is known, seldom while somebody is."""
    plan = SearchPlan(SETTINGS)
    assert plan.is_due(5.0, people)
    plan.everywhere(5.0, 640)
    assert not plan.is_due(5.0 + every_s - 0.01, people)
    assert plan.is_due(5.0 + every_s, people)
