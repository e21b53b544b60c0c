"""Which movements the face in front shows: tables of cases, and what holds for any evidence."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.emotion.movement_watch import (
    ABOVE_USUAL,
    AVERAGE_S,
    BROWS,
    ENDS_BELOW,
    FORGET_S,
    HOLD_S,
    KNOWN_S,
    MOUTH_HOLD_S,
    MovementWatch,
)
from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotion.observation import ClassifiedFace
from assistant.face.reject_reason import RejectReason
from assistant.geometry import BoundingBox

FPS = 16
PERSON, ANOTHER = 1, 2
BOX = BoundingBox(0, 0, 80, 80)
NOBODY, TURNED = "nobody", ClassifiedFace(BOX, None, RejectReason.TURNED_AWAY)


def face(smile=-3.0, frown=-3.0, brows=-3.0, mouth=-3.0, weight=1.0):
    """Return a classified face with this evidence for each movement."""
    return ClassifiedFace(BOX, None, None, weight=weight, movements=(smile, frown, brows, mouth))


REST, SMILE, FROWN, BROWS_UP, OPEN = face(), face(smile=2), face(frown=2), face(brows=2), face(mouth=2)
HEAVY, HEAVIER = face(frown=1), face(frown=4)
"""The face at rest of somebody whose brows sit low, and their frown."""


def play(*scenes, fps=FPS):
    """Show each scene (seconds, a face or `NOBODY`, the person); return the watch, and (time, change) for each change.

    A change is the movement's name, or `-` and its name at its end.
    """
    watch, told, frame = MovementWatch(), [], 0
    for seconds, shown, *who in scenes:
        person = None if shown is NOBODY else who[0] if who else PERSON
        for _ in range(round(seconds * fps)):
            changes = watch.update(frame / fps, person, None if shown is NOBODY else shown)
            told += [(frame / fps, f"{'' if each.has_begun else '-'}{each.movement}") for each in changes]
            frame += 1
    return watch, told


TALK = [(0.125, face(mouth=3)), (0.125, face(mouth=-3))]

CASES = {
    "a face at rest shows nothing": ([(5, REST)], []),
    "a smile that stays is one fact": ([(2, REST), (9, SMILE)], ["smile"]),
    "a smile begins and ends": ([(2, REST), (2, SMILE), (3, REST)], ["smile", "-smile"]),
    "a smile needs no usual face": ([(1, SMILE)], ["smile"]),
    "a smile of a third of a second is none": ([(2, REST), (0.3, SMILE), (2, REST)], []),
    "a smile that is lost for a moment goes on": ([(2, SMILE), (0.3, REST), (2, SMILE)], ["smile"]),
    "noise around the bound is one smile": (
        [(2, face(smile=0.5)), *[(0.2, face(smile=-0.8)), (0.2, SMILE)] * 9],
        ["smile"],
    ),
    "a weak smile does not end one": ([(2, SMILE), (9, face(smile=ENDS_BELOW / 2))], ["smile"]),
    "a single wild frame is none": ([(2, REST), (1 / FPS, face(smile=99)), (2, REST)], []),
    "a smile with an open mouth is both": ([(2, REST), (3, face(smile=2, mouth=2))], ["smile", "mouth_open"]),
    "a mouth that stays open is a fact": ([(2, REST), (3, OPEN), (3, REST)], ["mouth_open", "-mouth_open"]),
    "a mouth that speaks is not open": (TALK * 80, []),
    "a frown is measured against a face at rest": ([(3, REST), (2, FROWN), (2, REST)], ["frown", "-frown"]),
    "raised brows are measured so too": ([(3, REST), (2, BROWS_UP), (2, REST)], ["brows_raised", "-brows_raised"]),
    "heavy brows are no frown": ([(300, HEAVY)], []),
    "heavy brows that frown are one": ([(20, HEAVY), (2, HEAVIER), (2, HEAVY)], ["frown", "-frown"]),
    "heavy brows after a smile become usual": ([(4, REST), (90, HEAVY)], ["frown", "-frown"]),
    "high brows are not raised": ([(300, face(brows=2))], []),
    "a frown turns into raised brows": ([(3, REST), (2, FROWN), (2, BROWS_UP)], ["frown", "-frown", "brows_raised"]),
    "of frown and raised brows the stronger is said": ([(3, REST), (3, face(frown=1, brows=3))], ["brows_raised"]),
    "of a face that comes frowning nothing is known": ([(5, FROWN)], []),
    "what is usual outlasts a turned face": ([(20, HEAVY), (3, TURNED), (9, HEAVY)], []),
    "what is usual is that of one person": ([(20, HEAVY), (3, REST, ANOTHER), (2, FROWN, ANOTHER)], ["frown"]),
    "a face lost for a moment goes on smiling": ([(2, SMILE), (0.8, NOBODY), (2, SMILE)], ["smile"]),
    "a face lost for longer begins anew": ([(2, SMILE), (1.5, NOBODY), (2, SMILE)], ["smile", "-smile", "smile"]),
    "a turned face begins anew": ([(2, SMILE), (1.5, TURNED), (2, SMILE)], ["smile", "-smile", "smile"]),
    "another person begins anew": ([(2, SMILE), (2, SMILE, ANOTHER)], ["smile", "-smile", "smile"]),
    "two people in turn show nothing": ([(0.4, SMILE), (0.4, SMILE, ANOTHER)] * 10, []),
    "without an output for movements there are none": ([(5, ClassifiedFace(BOX, None, None))], []),
    "a movement without a threshold is never said": ([(3, face(smile=-inf)), (2, OPEN)], ["mouth_open"]),
    "frames that count nothing decide nothing": ([(3, REST), (3, face(smile=5, weight=0.0))], []),
}


@pytest.mark.parametrize(("scenes", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(scenes, expected):
    """The scenes of each case of the table above give its changes."""
    assert [change for _, change in play(*scenes)[1]] == expected


@pytest.mark.parametrize("fps", [4, 16, 64])
@pytest.mark.parametrize(("shown", "hold_s"), [(SMILE, HOLD_S), (OPEN, MOUTH_HOLD_S)])
def test_a_movement_is_a_fact_after_its_hold(shown, hold_s, fps):
    """From a face at rest, the average and the hold pass, at any rate of frames that is not too slow."""
    ((when, _),) = play((4, REST), (4, shown), fps=fps)[1]
    assert hold_s <= when - 4 < hold_s + AVERAGE_S + 2 / fps


def test_the_brows_are_not_said_before_the_person_is_known():
    """A frown in the first two seconds waits until these are over."""
    ((when, change),) = play((0.75, REST), (5, face(frown=5)))[1]
    assert (change, KNOWN_S + HOLD_S <= when < KNOWN_S + HOLD_S + 0.2) == ("frown", True)


@pytest.mark.parametrize("rest_s", [4, 60])
@pytest.mark.parametrize("frown", [1.0, 2.0, 6.0])
def test_a_frown_that_goes_on_becomes_usual(frown, rest_s):
    """However strong it is and however long the face was at rest before, it lasts for a while, and ends in a minute."""
    (_, begin), (ends_s, end) = play((rest_s, REST), (60, face(frown=frown)))[1]
    assert (begin, end) == ("frown", "-frown")
    assert 20 < ends_s - rest_s < 60


def test_a_camera_that_hangs_holds_no_movement():
    """The time between two frames far apart counts little: nobody saw what the face showed meanwhile."""
    watch = MovementWatch()
    assert [watch.update(now, PERSON, SMILE) for now in (0.0, 0.9, 1.0)] == [[], [], []]


@pytest.mark.parametrize(
    ("scenes", "shown"),
    [
        ([(3, REST)], ()),
        ([(0.2, REST)], None),
        ([(2, SMILE)], (Movement.SMILE,)),
        ([(3, face(smile=2, mouth=2))], (Movement.SMILE, Movement.MOUTH_OPEN)),
        ([(2, REST), (0.6, SMILE)], None),
        ([(20, HEAVY)], None),
        ([(3, REST), (FORGET_S + 0.1, TURNED)], None),
        ([(3, REST), (0.1, SMILE, ANOTHER)], None),
    ],
    ids=["rest", "too short", "smile", "both", "about to smile", "heavy brows", "turned away", "another"],
)
def test_what_an_answer_names(scenes, shown):
    """A face is at rest only where all evidence says so; a face that may frown is not."""
    assert play(*scenes)[0].shown == shown


TICK_S = 1 / 64
evidence = st.floats(-8, 8)
faces = st.none() | st.just(TURNED) | st.builds(face, evidence, evidence, evidence, evidence, st.floats(0, 1))
frames = st.lists(
    st.tuples(st.integers(0, 96), st.sampled_from([None, PERSON, PERSON, ANOTHER]), faces, st.integers(1, 40)),
    max_size=25,
)
"""Each (ticks until the frame, the person, the face, in how many frames it is seen so)."""


def told_of(frames, begin_s=0.0):
    """Return (ticks, changes, what holds then) for each frame."""
    watch, tick, told = MovementWatch(), 0, []
    for ticks, person, shown, times in frames:
        for _ in range(times):
            tick += ticks
            changes = watch.update(begin_s + tick * TICK_S, person, shown)
            told.append((tick, changes, watch.held))
    return told


@given(frames, st.integers(-(2**20), 2**20))
def test_a_shift_of_all_times_changes_nothing(frames, shift):
    """Only the time between frames counts."""
    assert told_of(frames, shift * TICK_S) == told_of(frames)


@given(frames)
def test_a_movement_is_not_said_twice_without_an_end(frames):
    """Each movement begins and ends in turn, and what has begun is what holds."""
    held = set()
    for _, changes, holds in told_of(frames):
        for change in changes:
            assert (change.movement in held) is not change.has_begun
            held ^= {change.movement}
        assert held == set(holds)
        assert list(holds) == [each for each in MOVEMENTS if each in held]


@given(frames)
def test_brows_are_never_both_down_and_up(frames):
    """Of a frown and raised brows at most one is a fact."""
    assert all(not set(BROWS) <= set(holds) for _, _, holds in told_of(frames))


@given(st.tuples(*[st.floats(-8, -0.001)] * 4), st.integers(1, 16), st.floats(0.01, 1))
def test_evidence_below_zero_says_nothing(shown, ticks, weight):
    """A face that shows no movement clearly enough in any frame is never said to show one."""
    assert all(not changes for _, changes, _ in told_of([(ticks, PERSON, face(*shown, weight), 400)]))


@given(st.tuples(*[st.floats(-8, 8)] * 2), st.integers(1, 16))
def test_a_face_that_never_changes_does_not_move_its_brows(brows, ticks):
    """Whatever the evidence for the brows is, what does not change is usual."""
    assert all(not changes for _, changes, _ in told_of([(ticks, PERSON, face(-3, *brows), 400)]))


@given(frames)
def test_a_frame_that_is_not_later_is_ignored(frames):
    """Frames of the same time, or of an earlier one, change nothing."""
    watch, other, tick = MovementWatch(), MovementWatch(), 0
    for ticks, person, shown, _ in frames:
        tick += ticks
        first = watch.update(tick * TICK_S, person, shown)
        assert first == other.update(tick * TICK_S, person, shown)
        assert other.update(tick * TICK_S - 0.5, ANOTHER, SMILE) == other.update(tick * TICK_S, None, None) == []


def test_the_bounds_leave_room():
    """What is usual and stays so ends a frown: its bound is farther above than an end is below."""
    assert ABOVE_USUAL > -ENDS_BELOW
