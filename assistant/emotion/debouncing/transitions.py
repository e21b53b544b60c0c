"""The debouncer's states, signals and transitions, as one table.

`script/draw-debouncer` draws the diagram in docs/debouncer.md from this table.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What the debouncer knows about the face in front."""

    NOBODY = "nobody"
    ARRIVING = "arriving"
    UNDECIDED = "undecided"
    WEIGHING = "weighing"
    STEADY = "steady"
    CHALLENGED = "challenged"
    UNDECIDED_MISSING = "undecided, missing"
    STEADY_MISSING = "steady, missing"


class Signal(StrEnum):
    """What can happen to the face in front."""

    FACE = "a face"
    NO_FACE = "no face"
    CONFIRMED = "there for long enough"
    LEAD = "another emotion leads"
    LEAD_LOST = "it does not lead any more"
    HELD = "it has held"
    FADED = "it is not seen any more"
    GONE = "missing for too long"
    ANOTHER = "another person"


TRANSITIONS: dict[tuple[State, Signal], State] = {
    (State.NOBODY, Signal.FACE): State.ARRIVING,
    (State.ARRIVING, Signal.NO_FACE): State.NOBODY,
    (State.ARRIVING, Signal.CONFIRMED): State.UNDECIDED,
    (State.UNDECIDED, Signal.LEAD): State.WEIGHING,
    (State.UNDECIDED, Signal.NO_FACE): State.UNDECIDED_MISSING,
    (State.WEIGHING, Signal.LEAD_LOST): State.UNDECIDED,
    (State.WEIGHING, Signal.HELD): State.STEADY,
    (State.WEIGHING, Signal.NO_FACE): State.UNDECIDED_MISSING,
    (State.STEADY, Signal.LEAD): State.CHALLENGED,
    (State.STEADY, Signal.FADED): State.UNDECIDED,
    (State.STEADY, Signal.NO_FACE): State.STEADY_MISSING,
    (State.CHALLENGED, Signal.LEAD_LOST): State.STEADY,
    (State.CHALLENGED, Signal.HELD): State.STEADY,
    (State.CHALLENGED, Signal.NO_FACE): State.STEADY_MISSING,
    (State.UNDECIDED_MISSING, Signal.FACE): State.UNDECIDED,
    (State.UNDECIDED_MISSING, Signal.GONE): State.NOBODY,
    (State.STEADY_MISSING, Signal.FACE): State.STEADY,
    (State.STEADY_MISSING, Signal.GONE): State.NOBODY,
    **{(state, Signal.ANOTHER): State.NOBODY for state in State if state is not State.NOBODY},
}


class IllegalTransitionError(ValueError):
    """The state has no transition for this signal; the state does not change."""


def step(state: State, signal: Signal) -> State:
    """Return the next state; raise IllegalTransitionError when the table has no such transition."""
    try:
        return TRANSITIONS[state, signal]
    except KeyError:
        raise IllegalTransitionError(f"{signal.name} cannot happen in {state.name}") from None
