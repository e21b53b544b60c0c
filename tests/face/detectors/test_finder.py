"""The learned finder with made-up networks: where faces are, and which of them count."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.detector import Detection
from assistant.face.detectors.candidates import MOST_FACES, merged
from assistant.face.detectors.finder import (
    CHECKS,
    LEAST_LOGIT,
    MOST_CHECKED,
    MOST_VIEWED,
    NEAR_WIDTHS,
    Finder,
    Thresholds,
)
from assistant.face.detectors.finder_input import MIDDLE, NEAR_PX, fitted, toned
from assistant.face.detectors.finder_output import decoded, mirror_image
from assistant.face.evidence import log_odds
from assistant.geometry import BoundingBox
from tests.builders.faces import region

pytestmark = pytest.mark.runtime

FRAME = np.full((480, 640), 100, np.uint8)
WHOLE = (256, 320)
THRESHOLDS = Thresholds(alone=0.6, near=0.3)


def row(score: float, x: float, y: float, side: float = 50.0) -> list[float]:
    """Return an upright face that looks ahead, with its centre at (x, y) of the input."""
    points = [(-0.2, -0.2), (0.2, -0.2), (0.0, 0.0), (-0.15, 0.25), (0.15, 0.25)]
    placed = [at + side * by for point in points for at, by in zip((x, y), point, strict=True)]
    return [log_odds(score), x, y, side, side, *placed]


class MadeUpNetwork:
    """A network that answers the same to every picture, and keeps the pictures."""

    def __init__(self, size, *rows):
        self.size, self.rows, self.shown = size, rows, []

    def candidates(self, picture, least_logit):
        """Return the rows with at least this logit."""
        self.shown.append(picture)
        found = [each for each in self.rows if each[0] >= least_logit]
        return np.array(found, np.float32).reshape(-1, 15)


class SaysInTurn(MadeUpNetwork):
    """A network that finds one face in the centre with the next of these scores; None finds nothing."""

    def __init__(self, scores):
        super().__init__((NEAR_PX, NEAR_PX))
        self.scores = list(scores)

    def candidates(self, picture, least_logit):
        """Return a face as wide as it is at the distance of this check."""
        score, (widths, _) = self.scores[len(self.shown)], CHECKS[len(self.shown)]
        self.rows = [] if score is None else [row(score, NEAR_PX / 2, NEAR_PX / 2, NEAR_PX / widths)]
        return super().candidates(picture, least_logit)


def finder(whole=(), near=()) -> tuple[Finder, MadeUpNetwork]:
    """Return a finder with thresholds of 0.6 alone and 0.3 near, and its network for near scans."""
    close = MadeUpNetwork((NEAR_PX, NEAR_PX), *near)
    return Finder(MadeUpNetwork(WHOLE, *whole), close, THRESHOLDS), close


def test_cells_become_pixels():
    """The cell in row 2, column 3 of a level of 16 pixels has its centre at (56, 40)."""
    shape = np.array([[0.5, -0.25, math.log(0.5), 0.0, *[0.25, -1.0] * 5]], np.float32)
    (told,) = decoded(shape, 16, np.array([[2, 3]]))
    assert told == pytest.approx([64, 36, 32, 64, *[60, 24] * 5])


def test_a_face_of_a_whole_frame_is_told_in_its_pixels():
    """A frame of 640x480 fits into 320x256 at half its size, 8 rows from the top."""
    looking = Finder(MadeUpNetwork(WHOLE, row(0.9, 160, 128)), SaysInTurn([0.9] * 3), THRESHOLDS)
    (found,) = looking.detect(FRAME)
    assert found.points is not None
    assert found.points[2] == pytest.approx((320, 240))
    assert found.points[0] == pytest.approx((300, 220))
    assert found.box.center == pytest.approx((320, 240), abs=8)
    assert found.score == pytest.approx(0.9)
    assert found.pose is not None
    assert abs(found.pose.yaw_deg) < 5
    assert abs(found.roll_deg) < 1


@pytest.mark.parametrize("at", [(320, 240), (10, 10), (630, 470)])
def test_a_face_near_a_place_is_told_in_the_frames_pixels(at):
    """The centre of the part is the centre of the input, also at the edge of the frame."""
    place = BoundingBox(at[0] - 50, at[1] - 50, 100, 100)
    half = NEAR_WIDTHS * 50
    left, right = max(0, at[0] - half), min(640, at[0] + half)
    top, bottom = max(0, at[1] - half), min(480, at[1] + half)
    by = NEAR_PX / max(right - left, bottom - top)
    there = [NEAR_PX / 2 + by * (place - (low + high) / 2) for place, low, high in
             ((at[0], left, right), (at[1], top, bottom))]  # fmt: skip
    looking, _ = finder(near=[row(0.4, *there, side=48)])
    (found,) = looking.detect(FRAME, region(place))
    assert found.points is not None
    assert found.points[2] == pytest.approx(at, abs=2)


@pytest.mark.parametrize(
    ("whole", "near", "given"),
    [
        (0.61, (0.61, 0.61, 0.61), "a face"),
        (0.9, (0.4, 0.4, 0.4), "doubtful"),
        (0.5, (0.7, 0.7, 0.7), "a face"),
        (0.5, (0.6, 0.6, 0.6), "doubtful"),
        (0.5, (0.35, 0.35, 0.35), "doubtful"),
        (0.125, (0.121, 0.121, 0.121), ""),
        (0.99, (0.9, None, 0.9), "a face"),
        (0.5, (None, None, 0.9), "doubtful"),
        (0.5, (None, None, None), "doubtful"),
        (0.13, (None, None, None), ""),
        (0.31, (0.9, 0.9, 0.9), "a face"),
        (0.11, (0.99, 0.99, 0.99), "a face"),
        (0.05, (0.6, 0.6, 0.6), "doubtful"),
        (0.019, (0.99, 0.99, 0.99), ""),
    ],
)
def test_what_a_whole_frame_shows_is_looked_at_again(whole, near, given):
    """The mean logit of all scans decides; a scan from near, plain or mirrored, that misses the face has the least."""
    close = SaysInTurn(near)
    looking = Finder(MadeUpNetwork(WHOLE, row(whole, 160, 128)), close, THRESHOLDS)
    detections = looking.detect(FRAME)
    assert bool(detections) == bool(given)
    for each in detections:
        assert each.evidence is not None
        assert (each.evidence >= 0) == (given == "a face")
        assert each.evidence == pytest.approx(log_odds(each.score) - log_odds(THRESHOLDS.alone))
        logits = [LEAST_LOGIT if score is None else log_odds(score) for score in (whole, *near)]
        assert log_odds(each.score) == pytest.approx(np.mean(logits), abs=1e-3)
        assert each.box.center == pytest.approx((320, 240), abs=8)


def test_a_mirrored_look_is_told_as_the_frame_has_it():
    """Mirrored back, the eyes and the sides have changed places."""
    one = np.array([row(0.9, 20, 30, 10)], np.float32)
    back = mirror_image(one, 96)
    assert back[0, 1:5] == pytest.approx([76, 30, 10, 10])
    assert back[0, 5] < back[0, 7]
    assert mirror_image(back, 96) == pytest.approx(one)


def crowd(scores: Sequence[float]) -> list[list[float]]:
    """Return a face for each score, side by side in two rows."""
    return [row(score, 20 + 30 * (n % 10), 60 + 100 * (n // 10), 20) for n, score in enumerate(scores)]


@pytest.mark.parametrize(("score", "further"), [(0.2, MOST_CHECKED * (len(CHECKS) - 1)), (0.13, 0)])
def test_checks_are_few(score, further):
    """The number of zoomed views is bounded, and what is unlikely after the first one gets no further view."""
    looking, near = finder(whole=crowd([score] * 20))
    assert len(looking.detect(FRAME)) == (MOST_CHECKED if further else 0)
    assert len(near.shown) == MOST_VIEWED + further


def test_known_faces_are_not_checked():
    """A face that another detector has found is neither returned nor looked at again."""
    looking, near = finder(whole=crowd([0.9]))
    assert looking.detect(FRAME, known=[Detection(BoundingBox(20, 100, 50, 50))]) == []
    assert near.shown == []


def test_of_a_crowd_the_surest_are_looked_at_again():
    """A face that no zoomed view finds is doubtful; one that no zoomed view looked at counts by its first score."""
    looking, _ = finder(whole=crowd([0.97 - 0.02 * number for number in range(20)]))
    scores = [round(each.score, 2) for each in looking.detect(FRAME)]
    assert scores[:3] == [0.65, 0.63, 0.61]
    assert len(scores) == 3 + MOST_CHECKED
    assert max(scores[3:]) < 0.4


def test_a_face_that_one_zoomed_view_confirmed_counts_by_it():
    """More faces than are looked at again, each sure in the whole frame and in the first zoomed view, are all found."""
    near = row(0.9, NEAR_PX / 2, NEAR_PX / 2, NEAR_PX / NEAR_WIDTHS)
    looking, _ = finder(whole=crowd([0.9] * 10), near=[near])
    assert [each.score > 0.85 for each in looking.detect(FRAME)] == [True] * 10


@pytest.mark.parametrize(
    ("x", "first", "looks", "scores"), [(160, 0.9, 2, [0.9]), (100, 0.9, 2, [0.526]), (160, 0.12, 1, [])]
)
def test_a_large_face_is_checked_in_the_mirrored_frame(x, first, looks, scores):
    """It counts less where the mirrored frame has no face; for one that is unlikely no further view is taken."""
    whole, near = MadeUpNetwork(WHOLE, row(first, x, 128, 140)), MadeUpNetwork((NEAR_PX, NEAR_PX))
    looking = Finder(whole, near, THRESHOLDS)
    assert [each.score for each in looking.detect(FRAME)] == [pytest.approx(each, abs=0.001) for each in scores]
    assert (len(whole.shown), len(near.shown)) == (looks, 0)


def test_tiny_ones_of_a_whole_frame_are_left_out():
    """A face below 24 pixels of 640 is dropped."""
    for side, count in ((13, 1), (11, 0)):
        near = SaysInTurn([0.9] * 3)
        looking = Finder(MadeUpNetwork(WHOLE, row(0.9, 160, 128, side)), near, THRESHOLDS)
        assert len(looking.detect(FRAME)) == count


def test_each_face_is_told_once_the_surest_first():
    """Boxes that overlap are one face, and a part of a face is none."""
    rows = np.array([row(0.5, 100, 100), row(0.9, 104, 98), row(0.7, 180, 100), row(0.8, 103, 100, 25)], np.float32)
    assert merged(rows)[:, 0] == pytest.approx([log_odds(0.9), log_odds(0.7)])
    assert merged(rows[:0]).shape == (0, 15)
    nothing = np.full((2, 15), np.inf, np.float32)
    assert merged(nothing).shape == (0, 15)


def test_what_agrees_is_averaged_by_the_odds():
    """The logit is that of the surest box; a part of the face does not count."""
    rows = np.array([row(0.5, 103, 100), row(0.75, 99, 100), row(0.6, 100, 100, 20)], np.float32)
    (face,) = merged(rows)
    assert face[0] == pytest.approx(log_odds(0.75))
    assert face[1:5] == pytest.approx([100, 100, 50, 50])
    assert face[9:11] == pytest.approx([100, 100])


def test_a_poster_has_no_more_faces_than_can_be_followed():
    """Of 400 faces the surest are kept."""
    rows = np.array([row(0.5, 40 * x, 40 * y, 30) for x in range(20) for y in range(20)], np.float32)
    assert len(merged(rows)) == MOST_FACES


@given(st.integers(1, 900), st.integers(1, 900), st.sampled_from([WHOLE, (NEAR_PX, NEAR_PX)]))
def test_a_picture_of_any_size_fits_in(height, width, size):
    """The picture lies in the middle of the input, with the middle gray level around it."""
    part = np.zeros((height, width), np.uint8)
    picture, factor, (left, top) = fitted(part, size)
    assert picture.shape == size
    there = np.argwhere(picture != MIDDLE)
    high, wide = max(1, round(factor * height)), max(1, round(factor * width))
    assert tuple(there.min(axis=0)) == (top, left)
    assert tuple(there.max(axis=0) + 1) == (top + min(high, size[0]), left + min(wide, size[1]))
    assert min(size[0] - high, size[1] - wide) in {0, -1}


@pytest.mark.parametrize("light", [0.1, 0.3, 1.0])
def test_light_makes_no_difference(light):
    """Apart from what the dark loses, the toned picture has the same levels."""
    bright = np.random.default_rng(3).integers(80, 240, (96, 96)).astype(np.uint8)
    dark = np.round(light * bright).astype(np.uint8)
    assert np.abs(toned(dark).astype(int) - toned(bright)).max() <= 0.6 / light + 1
