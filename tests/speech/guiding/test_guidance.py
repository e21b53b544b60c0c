"""When the sound that leads to the face begins and ends: tables of cases, and what holds whatever is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.position import Direction, Placement
from assistant.speech.guiding.cue import NOBODY, cue_for
from assistant.speech.guiding.guidance import (
    CENTRED_S,
    LATE_S,
    REMEMBERED_S,
    UNASKED_AFTER_S,
    Ending,
    Guidance,
    Guiding,
)
from assistant.speech.guiding.settings import GuidingSettings

FRAME_S = 0.125
ALWAYS = GuidingSettings(always=True, longest_s=10)
LEFT, MIDDLE, RIGHT = (Placement(Direction.AHEAD, 1.0, deg) for deg in (-15.0, 0.0, 15.0))


class Wearer:
    """Sees faces at eight frames a second, and writes down what is heard: each change, with its time."""

    def __init__(self, settings=GuidingSettings(), asks=True):
        self.guidance, self.now, self.heard, self.endings = Guidance(settings), 0.0, [], []
        self.may_begin = True
        if asks:
            self.guidance.begin(0.0)

    def sees(self, place, seconds, person=1, is_certain=True):
        """See a face at this place for some time; None is nobody."""
        for _ in range(round(seconds / FRAME_S)):
            self.guidance.see(self.now, None if place is None else person, place, is_certain=is_certain)
            self.goes_on()
        return self

    def goes_on(self):
        """Let the time of a frame pass."""
        step = self.guidance.step(self.now, may_begin=self.may_begin)
        if not self.heard or self.heard[-1][1] != step.cue:
            self.heard.append((self.now, step.cue))
        if step.ending is not None:
            self.endings.append((self.now, step.ending, step.was_asked))
        self.now += FRAME_S


TO_LEFT, TO_RIGHT = cue_for(LEFT), cue_for(RIGHT)
ASKED = {
    "led to the middle it ends": (
        [(LEFT, 2), (MIDDLE, 2)],
        [(0, TO_LEFT), (2, None)],
        [(2 + CENTRED_S, Ending.CENTRED, True)],
    ),
    "who is in the middle already hears nothing": ([(MIDDLE, 3)], [(0, None)], [(CENTRED_S, Ending.CENTRED, True)]),
    "a short while in the middle does not end it": (
        [(RIGHT, 1), (MIDDLE, 1), (RIGHT, 1)],
        [(0, TO_RIGHT), (1, None), (2, TO_RIGHT)],
        [],
    ),
    "nobody ticks, and a face that is lost for a moment does not": (
        [(None, 1), (LEFT, 1), (None, 0.5), (LEFT, 1), (None, 2)],
        [(0, NOBODY), (1, TO_LEFT), (4, NOBODY)],
        [],
    ),
    "another person is led to anew": (
        [(MIDDLE, 1), (MIDDLE, 1, 2), (MIDDLE, 1, 2)],
        [(0, None)],
        [(1 + CENTRED_S, Ending.CENTRED, True)],
    ),
    "it ends in any case": ([(LEFT, 31)], [(0, TO_LEFT), (30, None)], [(30, Ending.LONGEST, True)]),
    "a face that is not certain yet is led to": ([(LEFT, 1, 1, False)], [(0, TO_LEFT)], []),
}


@pytest.mark.parametrize(("seen", "heard", "endings"), ASKED.values(), ids=ASKED.keys())
def test_asked_for(seen, heard, endings):
    """What is heard from when to when, and why it ends."""
    wearer = Wearer()
    for each in seen:
        wearer.sees(*each)
    assert wearer.heard == heard
    assert wearer.endings == endings


UNASKED = {
    "somebody beside the middle is led to after a while": ([(LEFT, 3)], [(0, None), (UNASKED_AFTER_S, TO_LEFT)]),
    "the middle is silent, and beside it the sound begins again": (
        [(LEFT, 2), (MIDDLE, 3), (RIGHT, 2)],
        [(0, None), (1, TO_LEFT), (2, None), (5 + UNASKED_AFTER_S, TO_RIGHT)],
    ),
    "nobody is silent": ([(None, 5)], [(0, None)]),
    "who leaves is not looked for": ([(LEFT, 2), (None, 3)], [(0, None), (1, TO_LEFT), (2.5, None)]),
    "what is not certainly somebody is not led to": ([(LEFT, 3, 1, False)], [(0, None)]),
    "a wearer who does not turn is not led for ever": ([(LEFT, 30)], [(0, None), (1, TO_LEFT), (11, None)]),
    "but to the next person": (
        [(LEFT, 15), (RIGHT, 3, 2)],
        [(0, None), (1, TO_LEFT), (11, None), (16, TO_RIGHT)],
    ),
}


@pytest.mark.parametrize(("seen", "heard"), UNASKED.values(), ids=UNASKED.keys())
def test_unasked(seen, heard):
    """With the setting, the sound begins by itself, and ends without words."""
    wearer = Wearer(ALWAYS, asks=False)
    for each in seen:
        wearer.sees(*each)
    assert wearer.heard == heard
    assert not [was_asked for _, _, was_asked in wearer.endings if was_asked]


def test_unasked_only_where_it_may():
    """Without the setting, in the mode `ask` or while muted, nothing begins by itself, and what leads then ends."""
    assert Wearer(asks=False).sees(LEFT, 5).heard == [(0, None)]
    wearer = Wearer(ALWAYS, asks=False)
    wearer.sees(LEFT, 2)
    wearer.may_begin = False
    wearer.sees(LEFT, 2)
    assert wearer.heard == [(0, None), (1, TO_LEFT), (2, None)]


def test_what_the_wearer_stopped_does_not_begin_by_itself():
    """A sound that the wearer has stopped leads to the same person only after they were in the middle."""
    wearer = Wearer(ALWAYS, asks=False)
    wearer.sees(LEFT, 2)
    wearer.guidance.stop()
    wearer.sees(LEFT, 3)
    assert wearer.heard[-1] == (2, None)
    wearer.sees(MIDDLE, 0.2).sees(LEFT, 2)
    assert wearer.heard[-1][1] == TO_LEFT


def test_without_frames_nothing_is_claimed():
    """When no frame comes, the sound neither leads nor ticks; with the next frame it goes on."""
    wearer = Wearer()
    wearer.sees(LEFT, 1)
    for _ in range(30):
        wearer.goes_on()
    wearer.sees(LEFT, 1)
    last_frame_s = 1 - FRAME_S
    assert wearer.heard == [(0, TO_LEFT), (last_frame_s + LATE_S + FRAME_S, None), (4.75, TO_LEFT)]


@given(
    st.lists(
        st.tuples(st.sampled_from([None, LEFT, MIDDLE, RIGHT]), st.floats(0, 4), st.integers(1, 2), st.booleans()),
        max_size=20,
    ),
    st.booleans(),
)
def test_whatever_is_seen(seen, asks):
    """It ends in time; a face in the middle is silent; the tick is heard only where nobody is and it was asked for."""
    guidance = Guidance(ALWAYS)
    if asks:
        guidance.begin(0.0)
    now, begun_s = 0.0, 0.0
    for place, elapsed_s, person, is_certain in seen:
        now += elapsed_s
        guidance.see(now, None if place is None else person, place, is_certain=is_certain)
        before = guidance.state
        step = guidance.step(now)
        begun_s = now if before is Guiding.OFF and guidance.state is not Guiding.OFF else begun_s
        assert step.cue in (None, NOBODY, TO_LEFT, TO_RIGHT)
        assert step.cue is None or (guidance.state is not Guiding.OFF and now - begun_s < ALWAYS.longest_s)
        if place is MIDDLE:
            assert step.cue is None
        if step.cue is NOBODY:
            assert place is None
            assert guidance.state is Guiding.ASKED
    assert REMEMBERED_S < LATE_S
