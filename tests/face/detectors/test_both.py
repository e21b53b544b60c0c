"""The cascade and the finder together, both as scripted stand-ins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.face.detector import Detection
from assistant.face.detectors.both import MOST_CONFIRMED, HaarAndFinder
from assistant.geometry import BoundingBox
from tests.builders.faces import region

pytestmark = pytest.mark.runtime

FRAME = np.zeros((480, 640), np.uint8)


class Scripted:
    """A detector that finds these faces, in a region those whose centre lies in it, and keeps the regions."""

    def __init__(self, *faces, misses_from_afar=False):
        self.faces, self.misses_from_afar, self.asked = faces, misses_from_afar, []

    def detect(self, gray, region=None, known=()):
        """Return the faces that are not known."""
        self.asked.append(region)
        if region is None:
            return [] if self.misses_from_afar else [face for face in self.faces if face not in known]
        return [face for face in self.faces if region.area.grown(-0.4).overlap(face.box.grown(-0.4)) > 0]


def face(x: int, score: float = 1.0) -> Detection:
    """Return a detection with its left edge at x."""
    return Detection(BoundingBox(x, 200, 80, 80), score)


HERE, SEEN_HERE, THERE = face(200), face(206, 0.5), face(400, 0.9)

CONFIRMED = replace(SEEN_HERE, box=HERE.box, is_upright=True)
"""What both found: in the cascade's box."""


def test_what_the_cascade_finds_keeps_its_box():
    """The finder confirms the cascade's face from near, and no whole frame is scanned."""
    haar, finder = Scripted(HERE), Scripted(SEEN_HERE, misses_from_afar=True)
    assert list(HaarAndFinder(haar, finder).detect(FRAME)) == [CONFIRMED]
    assert None not in finder.asked


def test_what_the_finder_does_not_see_is_no_face():
    """A face of the cascade that the finder does not confirm is dropped, and the finder scans the frame."""
    haar, finder = Scripted(HERE), Scripted(THERE)
    assert list(HaarAndFinder(haar, finder).detect(FRAME)) == [THERE]


def test_where_the_finder_is_not_sure_it_searches_too():
    """What it confirms with doubt may be a pattern, while somebody stands elsewhere; both are handed on."""
    doubtful = replace(SEEN_HERE, evidence=-0.5)
    haar, finder = Scripted(HERE), Scripted(doubtful, THERE)
    assert list(HaarAndFinder(haar, finder).detect(FRAME)) == [replace(CONFIRMED, evidence=-0.5), THERE]
    sure = Scripted(replace(SEEN_HERE, evidence=0.0), THERE)
    assert list(HaarAndFinder(haar, sure).detect(FRAME)) == [replace(CONFIRMED, evidence=0.0)]


def test_where_the_cascade_finds_nobody_the_finder_looks():
    """The finder scans the whole frame when the cascade finds nobody."""
    haar, finder = Scripted(), Scripted(SEEN_HERE, THERE)
    assert list(HaarAndFinder(haar, finder).detect(FRAME)) == [SEEN_HERE, THERE]


def test_while_somebody_is_known_the_finder_alone_looks_for_others():
    """The finder takes a fraction of the cascade's time, so it scans for further people alone."""
    haar, finder = Scripted(HERE), Scripted(SEEN_HERE, THERE)
    assert list(HaarAndFinder(haar, finder).detect(FRAME, known=[SEEN_HERE])) == [THERE]
    assert haar.asked == []


def test_near_a_known_face_the_cascade_looks_first():
    """The finder confirms what the cascade finds there, or scans around the last place itself."""
    haar, finder = Scripted(HERE), Scripted(SEEN_HERE)
    assert list(HaarAndFinder(haar, finder).detect(FRAME, region(HERE.box))) == [CONFIRMED]
    assert [haar.asked, [each.area for each in finder.asked]] == [[region(HERE.box)], [HERE.box]]
    blind, finder = Scripted(), Scripted(SEEN_HERE)
    assert list(HaarAndFinder(blind, finder).detect(FRAME, region(HERE.box))) == [SEEN_HERE]
    assert finder.asked == [region(HERE.box)]


def test_a_known_face_that_the_cascade_still_finds_stays():
    """Near a known face the cascade alone is enough; elsewhere it is not."""
    haar, unsure = Scripted(HERE), Scripted()
    assert list(HaarAndFinder(haar, unsure).detect(FRAME, region(HERE.box))) == [replace(HERE, is_upright=True)]
    assert list(HaarAndFinder(haar, unsure).detect(FRAME)) == []


def test_a_crowd_takes_a_bounded_number_of_looks():
    """A few faces are confirmed from near, one scan finds the rest, and each face is given once."""
    crowd = [face(10 + 85 * number) for number in range(7)]
    haar, finder = Scripted(*crowd), Scripted(*crowd)
    found = HaarAndFinder(haar, finder).detect(FRAME)
    assert sorted(each.box.x for each in found) == [each.box.x for each in crowd]
    assert len(finder.asked) == MOST_CONFIRMED + 1
