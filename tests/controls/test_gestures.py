"""The button's patterns: tables of cases, and what holds whatever fingers do."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.controls.commands import Command, Edge, Inbox, Request
from assistant.controls.gestures import (
    COUNT_STEP_S,
    SETTLES_S,
    TRANSITIONS,
    ControlPanel,
    Gestures,
    GestureSettings,
    Signal,
    State,
)

SETTINGS = GestureSettings()
TICK_S = 0.05
COUNT = ["three", "two", "one", "let go to switch off"]
ANSWERS = {Command.TELL, Command.SILENCE, Command.REPEAT, Command.NEXT_MODE, Command.PREVIOUS_MODE, Command.INTRODUCE}


def play(*edges: Edge, until_s: float, speaking: bool = False) -> list[tuple[float, str]]:
    """Give the edges at their times, with ticks in between; return (time, command) for each command."""
    gestures, told, left = Gestures(SETTINGS), [], list(edges)
    for tick in range(round(until_s / TICK_S) + 1):
        now = tick * TICK_S
        while left and left[0].t_s <= now:
            edge = left.pop(0)
            told += [(edge.t_s, str(command)) for command in gestures.edge(edge, speaking=speaking)]
        told += [(round(now, 2), str(command)) for command in gestures.tick(now)]
    return told


def presses(*spans: tuple[float, float]) -> list[Edge]:
    """Make a press for each span from its start to its end, in seconds."""
    return [edge for start, end in spans for edge in (Edge(True, start), Edge(False, end))]


CASES = {
    "one press tells, at once": (presses((1.01, 1.1)), [(1.01, "tell")]),
    "two presses repeat": (presses((1, 1.1), (1.55, 1.6)), [(1, "tell"), (1.55, "repeat")]),
    "three change the mode": (
        presses((1, 1.1), (1.3, 1.4), (1.6, 1.7)),
        [(1, "tell"), (1.3, "repeat"), (1.6, "next mode")],
    ),
    "four introduce the headset in the mode from before, and a fifth does no more": (
        presses(*[(1 + 0.2 * number, 1.1 + 0.2 * number) for number in range(5)]),
        [(1, "tell"), (1.2, "repeat"), (1.4, "next mode"), (1.6, "previous mode"), (1.6, "introduce")],
    ),
    "the time counts from when it was let go": (presses((1, 2), (2.4, 2.5)), [(1, "tell"), (2.4, "repeat")]),
    "a press later stands alone": (presses((1, 1.1), (1.7, 1.8)), [(1, "tell"), (1.7, "tell")]),
    "held it tells the status": (presses((1, 3)), [(1, "tell"), (2.2, "status")]),
    "a second one that is held leads to the face": (
        presses((1, 1.1), (1.3, 3)),
        [(1, "tell"), (1.3, "repeat"), (2.5, "guide")],
    ),
    "held on, it counts as well": (
        presses((1, 1.1), (1.3, 6)),
        [(1, "tell"), (1.3, "repeat"), (2.5, "guide"), (5.3, "three"), (6, "not switched off")],
    ),
    "a third one that is held tells the status": (
        presses((1, 1.1), (1.3, 1.4), (1.6, 3)),
        [(1, "tell"), (1.3, "repeat"), (1.6, "next mode"), (2.8, "status")],
    ),
    "held through the count it switches off when let go": (
        presses((1, 9)),
        [(1, "tell"), (2.2, "status"), *zip((5, 6, 7, 8), COUNT, strict=True), (9, "shut down")],
    ),
    "let go during the count it switches nothing off": (
        presses((1, 7.5)),
        [(1, "tell"), (2.2, "status"), *zip((5, 6, 7), COUNT, strict=False), (7.5, "not switched off")],
    ),
    "let go too late it was stuck": (
        presses((1, 20)),
        [
            (1, "tell"),
            (2.2, "status"),
            *zip((5, 6, 7, 8), COUNT, strict=True),
            (16, "button stuck"),
            (20, "button free"),
        ],
    ),
    "down at the start it does nothing": ([Edge(True, 0, by_hand=False), Edge(False, 9)], []),
    "down at the start for long it is stuck": (
        [Edge(True, 0, by_hand=False), Edge(False, 18), *presses((19, 19.1))],
        [(15, "button stuck"), (18, "button free"), (19, "tell")],
    ),
    "a remote that is lost switches nothing off": (
        [Edge(True, 1), Edge(False, 9, by_hand=False)],
        [(1, "tell"), (2.2, "status"), *zip((5, 6, 7, 8), COUNT, strict=True), (9, "not switched off")],
    ),
    "edges that came twice count once": (
        [edge for edge in presses((1, 1.1), (1.3, 1.4)) for _ in range(2)],
        [(1, "tell"), (1.3, "repeat")],
    ),
}


@pytest.mark.parametrize(("edges", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(edges, expected):
    """The edges of each case of the table above give its commands at their times."""
    assert play(*edges, until_s=22) == [(pytest.approx(t_s), command) for t_s, command in expected]


def test_the_first_press_silences_what_is_being_said():
    """The first press silences the phrase, and a second press repeats it."""
    assert play(*presses((1, 1.1), (1.3, 1.4)), until_s=3, speaking=True) == [(1, "silence"), (1.3, "repeat")]


def test_a_hold_ends_a_pattern_though_little_time_has_passed():
    """With settings for slow presses and a short hold, a press after a hold begins a new pattern."""
    gestures = Gestures(GestureSettings(again_s=1.5, status_s=0.6))
    gestures.pressed(1.0, speaking=False)
    assert gestures.released(1.7) == [Command.STATUS]
    assert gestures.pressed(1.8, speaking=False) == [Command.TELL]


def test_after_a_hang_the_count_is_late_but_whole():
    """The count begins late and is said as a whole, so that nobody releases the button on a word that was not said."""
    gestures = Gestures(SETTINGS)
    gestures.pressed(0.0, speaking=False)
    told = [(now, str(command)) for now in (9.0, 9.1, 9.2, 10.1, 11.1, 12.1) for command in gestures.tick(now)]
    assert told == [(9.0, "status"), *zip((9.1, 10.1, 11.1, 12.1), COUNT, strict=True)]
    assert gestures.released(12.0) == [Command.COUNT_CANCELLED]


@pytest.mark.parametrize(
    ("ticks", "told"), [((), [Command.STATUS]), ((1.2, 4, 5, 6), [Command.LET_GO, Command.COUNT_CANCELLED])]
)
def test_a_finger_that_left_before_the_word_was_said_switches_nothing_off(ticks, told):
    """The button was not read for nine seconds, or for the last of them, and the machine stays on."""
    gestures = Gestures(SETTINGS)
    gestures.pressed(0.0, speaking=False)
    for now in ticks:
        gestures.tick(now)
    assert gestures.released(9.0) == told


def test_the_table_has_a_way_into_and_out_of_every_state():
    """Every state can be reached, and a release always ends with the button up."""
    assert {state for state, _ in TRANSITIONS.values()} == set(State)
    for state in set(State) - {State.UP}:
        for end in (Signal.RELEASE, Signal.LOST):
            assert TRANSITIONS[state, end][0] is State.UP


def test_the_bounds_keep_the_times_in_order():
    """With any settings, the count is over before a button counts as stuck."""
    bounds = {name: field.metadata for name, field in GestureSettings.__dataclass_fields__.items()}
    assert bounds["status_s"]["high"] < bounds["shut_down_s"]["low"]
    assert bounds["shut_down_s"]["high"] + 3 * COUNT_STEP_S < bounds["stuck_s"]["low"]


STEPS = st.lists(
    st.tuples(
        st.floats(0.01, 20) | st.sampled_from([0.1, 0.3, 0.5, 1.0, 1.2, 4.0, 15.0]),
        st.sampled_from(["press", "release", "lost", "found", "tick"]),
        st.booleans(),
    ),
    max_size=60,
)


def run(steps: list[tuple[float, str, bool]], repeat: int = 1) -> list[list[tuple[float, str, list[Command]]]]:
    """Do the steps, each edge `repeat` times; return the log, split where the button came up."""
    gestures, now, holds = Gestures(SETTINGS), 0.0, [[]]
    for pause_s, what, speaking in steps:
        now += pause_s
        for _ in range(1 if what == "tick" else repeat):
            edge = Edge(what in ("press", "found"), now, by_hand=what in ("press", "release"))
            commands = gestures.tick(now) if what == "tick" else gestures.edge(edge, speaking=speaking)
            holds[-1].append((now, what, commands))
        if gestures.state is State.UP:
            holds.append([])
    return holds


@given(STEPS)
def test_it_switches_off_after_the_whole_count_alone(steps):
    """The power-off follows a whole count, a second a word, in one hold that ends by hand and was not stuck."""
    for hold in run(steps):
        told = [(now, command) for now, _, commands in hold for command in commands]
        names = [str(command) for _, command in told]
        if "shut down" in names:
            assert names[-5:] == [*COUNT, "shut down"]
            times = [now for now, _ in told][-5:]
            assert all(later - earlier >= COUNT_STEP_S - 1e-9 for earlier, later in pairwise(times[:4]))
            assert times[3] < times[4]
            assert hold[-1][1] == "release"
            assert hold[-1][0] - hold[0][0] < SETTINGS.stuck_s
            assert "button stuck" not in names


@given(STEPS)
def test_stuck_and_free_come_in_pairs(steps):
    """A button is reported as stuck once and as free once, however long it is held."""
    told = [command for hold in run(steps) for _, _, commands in hold for command in commands]
    pairs = [command for command in told if command in (Command.BUTTON_STUCK, Command.BUTTON_FREE)]
    assert pairs == ([Command.BUTTON_STUCK, Command.BUTTON_FREE] * len(pairs))[: len(pairs)]


@given(STEPS)
def test_a_press_is_answered_in_the_same_step(steps):
    """The first press of a pattern is always answered at once; a release or the time never gives such an answer."""
    last_s = -1.0
    for hold in run(steps):
        for place, (now, what, commands) in enumerate(hold):
            if what == "press" and place == 0:
                assert len(commands) <= 1
                assert set(commands) <= ANSWERS
                assert commands or now - last_s <= SETTINGS.again_s
            else:
                assert not ANSWERS & set(commands)
            if what in ("press", "release"):
                last_s = now


@given(STEPS, st.integers(2, 3))
def test_doubled_edges_change_nothing(steps, repeat):
    """A press or a release that comes twice at the same time counts once."""
    once = [command for hold in run(steps) for _, _, commands in hold for command in commands]
    assert [command for hold in run(steps, repeat) for _, _, commands in hold for command in commands] == once


class Recorded:
    """Controls that give what a test puts in."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.closed = False

    def take(self):
        """Return what was put in."""
        return self.inbox.take()

    def close(self):
        """Keep that the controls were closed."""
        self.closed = True


def test_a_stuck_button_leaves_the_other_controls_alone():
    """Each control has gestures of its own, so that a stuck button does not disturb the remote."""
    jammed, remote = Recorded(), Recorded()
    panel = ControlPanel([jammed, remote], SETTINGS)
    jammed.inbox.put(Edge(True, 0.0, by_hand=False))
    assert panel.take(0.0, speaking=False) == []
    assert panel.take(16.0, speaking=False) == [Command.BUTTON_STUCK]
    remote.inbox.put(*presses((17.0, 17.1), (17.3, 17.4)), Command.LOUDER)
    assert panel.take(17.5, speaking=False) == [Command.TELL, Command.REPEAT, Command.LOUDER]


def test_a_button_that_is_held_says_when_it_is_due():
    """Nothing is due while the button is up; after an edge its contact is asked for a while, then its next gesture."""
    controls = Recorded()
    panel = ControlPanel([controls], SETTINGS)
    assert panel.due_s(0.0) == math.inf
    controls.inbox.put(Edge(True, 1.0))
    panel.take(1.0, speaking=False)
    assert panel.due_s(1.0) == 1.0
    assert panel.due_s(1.0 + SETTLES_S) == 1.0 + SETTINGS.status_s
    controls.inbox.put(Edge(False, 1.2))
    panel.take(1.2, speaking=False)
    assert panel.due_s(1.2 + SETTLES_S) == math.inf


@given(st.lists(st.tuples(st.floats(0.01, 3), st.floats(0.01, 20)), max_size=20))
def test_nothing_comes_before_it_is_due(holds):
    """A turn just before the time that is due brings no command, and the turn at that time brings one."""
    gestures, now = Gestures(SETTINGS), 0.0
    for gap_s, held_s in holds:
        now += gap_s
        gestures.pressed(now, speaking=False)
        now += held_s
        while (due_s := gestures.due_s()) < now:
            assert gestures.tick(due_s - 1e-6) == []
            assert len(gestures.tick(due_s)) == 1
        gestures.released(now)
        assert gestures.due_s() == math.inf


def test_requests_and_commands_pass_through_the_panel():
    """Commands and requests come in their order, each once."""
    controls = Recorded()
    panel = ControlPanel([controls])
    request = Request(Command.STATUS, lambda answer: None)
    controls.inbox.put(Command.MUTE, request)
    assert panel.take(1.0, speaking=True) == [Command.MUTE, request]
    assert panel.take(2.0, speaking=True) == []
    panel.close()
    assert controls.closed
