"""Somebody joins those who are there: a table of cases, and what holds for any counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.people import JOIN_S, PeopleWatch

FPS = 8


def play(*scenes, known=1, fps=FPS):
    """Show each scene (seconds, people); return (time, how many there are) for each time when somebody joins."""
    watch, joined, frame = PeopleWatch(), [], 0
    watch.begin(known)
    for seconds, people in scenes:
        for _ in range(round(seconds * fps)):
            there = watch.update(frame / fps, people)
            if there is not None:
                joined.append((frame / fps, there))
            frame += 1
    return joined


CASES = {
    "one who is alone joins nobody": ([(9, 1)], []),
    "a second one joins": ([(3, 1), (5, 2)], [(5.0, 2)]),
    "a passer-by of a second is none": ([(3, 1), (1.9, 2), (9, 1)], []),
    "a face that flickers joins nobody": ([*[(1.5, 2), (0.1, 1)] * 10], []),
    "a third one joins two": ([(3, 2), (3, 3)], [(2.0, 2), (5.0, 3)]),
    "of a changing number the least counts": ([(1, 3), (1, 2), (5, 3)], [(2.0, 2), (4.125, 3)]),
    "one who is hidden for a moment does not join anew": ([(3, 2), (8, 1), (9, 2)], [(2.0, 2)]),
    "one who comes back after longer joins anew": ([(3, 2), (11, 1), (3, 2)], [(2.0, 2), (16.0, 2)]),
    "nobody joins an empty place": ([(11, 0), (9, 2)], []),
}


@pytest.mark.parametrize("case", CASES)
def test_somebody_joins(case):
    """More people are reported once they have been seen for long enough, and each of them once."""
    scenes, joined = CASES[case]
    assert play(*scenes) == joined


def test_those_that_were_heard_of_do_not_join():
    """Who was counted when the first one appeared is known."""
    assert play((9, 2), known=2) == []


@given(st.lists(st.tuples(st.floats(0.1, 15), st.integers(0, 5)), max_size=20), st.integers(1, 3))
def test_a_report_is_of_more_than_were_there(scenes, known):
    """Each report names a number that every frame of the last two seconds has shown at least."""
    counts = [people for seconds, people in scenes for _ in range(round(seconds * FPS))]
    for at_s, there in play(*scenes, known=known):
        frame = round(at_s * FPS)
        assert there > 1
        assert min(counts[frame - round(JOIN_S * FPS) : frame + 1]) >= there
