"""Nods and shakes: a table of cases, and what holds however a head moves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.nods import CALM_S, LEAST_SWING, MOST_GAP_S, SLOWEST_S, SWINGS, HeadGesture, HeadMotion, NodWatch

FPS = 15


class Head:
    """A head that goes where a function of the time says, seen at some frames a second."""

    def __init__(self, fps=FPS):
        self.watch, self.fps, self.number, self.found = NodWatch(), fps, 0, []

    @property
    def now(self):
        """The time of the last frame."""
        return self.number / self.fps

    def goes(self, place, seconds, person=1):
        """Let the head go for some seconds: `place` returns where it is, to the right and down, in face widths."""
        for step in range(1, round(seconds * self.fps) + 1):
            before, after = place((step - 1) / self.fps), place(step / self.fps)
            motion = HeadMotion(after[0] - before[0], after[1] - before[1], 1 / self.fps)
            self.sees(person, motion)
        return self

    def sees(self, person, motion):
        """See one frame."""
        self.number += 1
        gesture = self.watch.update(self.now, person, motion)
        if gesture is not None:
            self.found.append((self.now, gesture))

    def gestures(self):
        """Return what was found."""
        return [gesture for _, gesture in self.found]


def swinging(across=0.0, down=0.0, hz=2.0, drift=(0.0, 0.0)):
    """Return a head that swings by these sizes from turn to turn, and drifts by so many face widths a second."""

    def place(t_s):
        swing = (1 - math.cos(2 * math.pi * hz * t_s)) / 2
        return across * swing + drift[0] * t_s, down * swing + drift[1] * t_s

    return place


def once(size, seconds):
    """Return a head that goes down by this size within some seconds, and up again."""
    return lambda t_s: (0.0, size * max(0.0, 1 - abs(t_s - seconds) / seconds))


NOD, SHAKE = [HeadGesture.NOD], [HeadGesture.SHAKE]
CASES = {
    "nods": (swinging(down=0.12), 1.5, NOD),
    "small, quick nods": (swinging(down=0.07, hz=3.0), 1.5, NOD),
    "slow nods": (swinging(down=0.15, hz=1.0), 2.5, NOD),
    "shakes": (swinging(across=0.2), 1.5, SHAKE),
    "nods while walking past": (swinging(down=0.12, drift=(0.6, 0.0)), 1.5, NOD),
    "nods that go down less and less": (lambda t_s: (0.0, (0.15 - 0.05 * t_s) * math.sin(13 * t_s) ** 2), 1.5, NOD),
    "one long bout is one nod": (swinging(down=0.12), 8.0, NOD),
    "stillness": (swinging(), 5.0, []),
    "a single nod": (once(0.2, 0.3), 2.0, []),
    "nods that are too small": (swinging(down=0.9 * LEAST_SWING), 3.0, []),
    "swaying": (swinging(down=0.15, hz=0.6), 6.0, []),
    "leaning in": (swinging(drift=(0.0, 0.5)), 3.0, []),
    "trembling": (swinging(down=0.12, hz=7.4), 2.0, []),
    "circling": (lambda t_s: (0.06 * math.cos(12 * t_s), 0.06 * math.sin(12 * t_s)), 3.0, []),
    "both ways at once": (swinging(across=0.12, down=0.12), 3.0, []),
    "a picture that jumps": (swinging(down=0.9), 3.0, []),
}


@pytest.mark.parametrize(("place", "seconds", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(place, seconds, expected):
    """The movement of each case gives its gestures."""
    assert Head().goes(swinging(), 1.0).goes(place, seconds).gestures() == expected


@pytest.mark.parametrize("fps", [10, 12, 15, 30])
def test_it_is_found_soon_at_ten_frames_and_more(fps):
    """Two nods are enough: at two a second, they are found within a second and a quarter."""
    head = Head(fps).goes(swinging(), 1.0).goes(swinging(down=0.12), 1.5)
    assert head.gestures() == NOD
    assert head.found[0][0] <= 1.0 + 1.25


def test_with_fewer_frames_nothing_is_found():
    """With six frames a second, nothing is found, however clear it is."""
    assert Head(6).goes(swinging(down=0.3), 5.0).gestures() == []


def test_after_a_calm_it_is_found_again():
    """A second bout after a calm is another gesture."""
    head = Head()
    for _ in range(2):
        head.goes(swinging(down=0.12), 1.5).goes(swinging(), CALM_S + 0.7)
    assert head.gestures() == NOD * 2


@pytest.mark.parametrize("interrupts", [(2, HeadMotion(0, 0, 0.066)), (1, None), (1, HeadMotion(0, 0, 0.2))])
def test_what_interrupts(interrupts):
    """Another person, a frame that could not be measured and a gap begin anew: half a gesture is none."""
    head = Head().goes(swinging(down=0.12), 0.6)
    head.sees(*interrupts)
    assert head.goes(swinging(down=0.12), 0.6).gestures() == []


SHIFTS = st.floats(-0.3, 0.3, allow_nan=False)


@given(st.lists(st.tuples(SHIFTS, SHIFTS, st.floats(0.02, 0.2), st.integers(0, 2)), max_size=120))
def test_however_a_head_moves(moves):
    """It never fails, and what is found has the swings that it needs: it is neither too early nor twice in a bout."""
    watch, now, begun_s, found_s = NodWatch(), 0.0, 0.0, -math.inf
    person_before = None
    for right, down, elapsed_s, person in moves:
        now += elapsed_s
        if person != person_before or elapsed_s > MOST_GAP_S:
            begun_s, found_s, person_before = now, -math.inf, person
        gesture = watch.update(now, person, HeadMotion(right, down, elapsed_s))
        if gesture is not None:
            assert now - begun_s >= 0.02 * SWINGS
            assert now - found_s > CALM_S
            found_s = now


@given(st.floats(0.05, 0.4), st.floats(1.0, 3.0), st.floats(-0.3, 0.3))
def test_a_shake_is_a_nod_that_lies_on_its_side(size, hz, drift):
    """Both axes are treated alike."""
    nods = Head(30).goes(swinging(down=size, hz=hz, drift=(drift, 0.0)), 3.0)
    shakes = Head(30).goes(swinging(across=size, hz=hz, drift=(0.0, drift)), 3.0)
    assert [at_s for at_s, _ in nods.found] == [at_s for at_s, _ in shakes.found]
    assert set(nods.gestures()) == {HeadGesture.NOD}
    assert set(shakes.gestures()) == {HeadGesture.SHAKE}
    assert 0.5 / hz <= SLOWEST_S
