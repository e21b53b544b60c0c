"""The frame rate: how many frames are scanned, and when fewer are enough."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.camera.frame_rate import FrameRatePolicy, FrameRateSettings, Throttle

SETTINGS = FrameRateSettings()
ALL = math.inf
CASES = {
    "nobody from the start": ([(0, False, False), (9.9, False, False), (10, False, False)], [ALL, ALL, 3]),
    "somebody": ([(0, True, False), (60, True, False)], [ALL, ALL]),
    "somebody leaves": ([(0, True, False), (5, False, False), (10, False, False)], [ALL, ALL, 3]),
    "something moves": (
        [(0, True, False), (20, False, False), (20.3, True, False), (25, False, False)],
        [ALL, 3, ALL, ALL],
    ),
    "hot with somebody": ([(0, True, True), (5, True, False)], [8, ALL]),
    "hot with nobody": ([(0, False, True), (10, False, True), (11, False, False)], [8, 3, 3]),
}


@pytest.mark.parametrize(("steps", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(steps, expected):
    """The rate is as in each case of the table above, whose steps are (seconds, active, load to reduce)."""
    pace = FrameRatePolicy(SETTINGS, 3.0)
    assert [pace.fps(now, active=active, reduced=reduced) for now, active, reduced in steps] == expected


def test_a_slow_camera_is_never_taken_for_a_stopped_one():
    """At the lowest rate, three frames still come within the time after which a camera counts as stopped."""
    pace = FrameRatePolicy(FrameRateSettings(idle_fps=2.0, spared_fps=2.0), 0.5)
    pace.fps(0.0, active=False, reduced=False)
    assert pace.fps(20.0, active=False, reduced=True) == 6.0


def chosen(times_s: list[float], fps: float) -> list[float]:
    """Return the times that are wanted at this rate."""
    throttle = Throttle()
    return [t_s for t_s in times_s if throttle.wants(t_s, fps)]


@pytest.mark.parametrize("given_fps", [5.0, 7.5, 15.0, 30.0])
@pytest.mark.parametrize("wanted_fps", [2.0, 3.0, 8.0])
def test_as_many_are_chosen_as_are_wanted(given_fps, wanted_fps):
    """Over a minute, the number is right within 5%, and no gap is longer than a wanted pause and a frame."""
    times_s = [number / given_fps for number in range(round(60 * given_fps))]
    taken = chosen(times_s, wanted_fps)
    gaps = [after - before for before, after in itertools.pairwise(taken)]
    assert len(taken) == pytest.approx(60 * min(wanted_fps, given_fps), rel=0.05)
    assert max(gaps) <= 1 / wanted_fps + 1 / given_fps + 1e-9


def test_a_higher_rate_counts_at_once():
    """After the rate was raised, the next frame is taken without the pause of the lower rate."""
    throttle = Throttle()
    assert throttle.wants(0.0, 2.0)
    assert not throttle.wants(0.1, 2.0)
    assert throttle.wants(0.2, math.inf)
    assert throttle.wants(0.21, math.inf)


@given(
    st.lists(st.tuples(st.floats(0.01, 2.0), st.sampled_from([2.0, 3.0, 8.0, 15.0, math.inf])), max_size=200),
)
def test_never_more_than_wanted_and_never_long_without(steps):
    """At any rates, two frames are at least 0.4 pauses apart, and a frame that is due is taken."""
    throttle, now, taken_s = Throttle(), 0.0, -math.inf
    for elapsed_s, fps in steps:
        now += elapsed_s
        wanted = throttle.wants(now, fps)
        if now - taken_s >= 1 / fps:
            assert wanted
        if wanted:
            assert now - taken_s >= 0.4 / fps - 1e-9
            taken_s = now
