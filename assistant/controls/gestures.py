"""The state machine of one button: it turns presses, holds and the time between them into commands.

This file does no input or output; every time is an argument, in seconds of the loop's clock. `TRANSITIONS` has every
state and step. Only the command of a press is not in the table, because it depends on the presses just before it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum

from assistant.controls.commands import Command, Controls, Edge, Request
from assistant.setting import setting

COUNT_STEP_S = 1.0
"""The time from each word of the count "three", "two", "one", "let go" to the next."""

SETTLES_S = 0.1
"""This long after an edge the controls are asked in each of the shortest turns: a contact bounces."""


@dataclass(frozen=True, slots=True)
class GestureSettings:
    """The times of the button's gestures; their bounds keep the times in this order, with time for the count."""

    again_s: float = setting(
        0.5,
        "A press within this time after the button was let go counts as a further press of one gesture; "
        "a larger value suits slower hands",
        unit="seconds",
        low=0.2,
        high=1.5,
    )
    status_s: float = setting(
        1.2,
        "Holding the button this long asks for the status, or after a short press for the sound that leads to the "
        "face; a larger value suits slower hands",
        unit="seconds",
        low=0.6,
        high=2.5,
    )
    shut_down_s: float = setting(
        4.0,
        "Holding the button this long begins the count to switching off; a larger value makes an accident rarer",
        unit="seconds",
        low=3,
        high=8,
    )
    stuck_s: float = setting(
        15.0,
        "A button that is down this long is stuck and switches nothing off; a larger value reports it later",
        unit="seconds",
        low=13,
        high=120,
    )


class State(StrEnum):
    """Whether the button is up or down, and which stage of a hold has been reached."""

    UP = "up"
    DOWN = "down"
    HELD = "held"
    THREE = "three"
    TWO = "two"
    ONE = "one"
    COUNTED = "counted out"
    FOUND_DOWN = "found down"
    STUCK = "stuck"


class Signal(StrEnum):
    """What can happen to the button."""

    PRESS = "a press"
    FOUND_DOWN = "it is down at the start"
    RELEASE = "it is let go"
    LOST = "it is up, but the wearer did not let it go now"
    LONG = "held for status_s"
    LONG_AGAIN = "held for status_s, after a short press"
    VERY_LONG = "held for shut_down_s"
    STEP = "a second after the last count"
    TOO_LONG = "held for stuck_s"


_COUNTING = (State.THREE, State.TWO, State.ONE)
_NOT_STUCK = (State.DOWN, State.HELD, *_COUNTING, State.COUNTED, State.FOUND_DOWN)

TRANSITIONS: dict[tuple[State, Signal], tuple[State, Command | None]] = {
    (State.UP, Signal.PRESS): (State.DOWN, None),
    (State.UP, Signal.FOUND_DOWN): (State.FOUND_DOWN, None),
    (State.DOWN, Signal.LONG): (State.HELD, Command.STATUS),
    (State.DOWN, Signal.LONG_AGAIN): (State.HELD, Command.GUIDE),
    (State.HELD, Signal.VERY_LONG): (State.THREE, Command.COUNT_THREE),
    (State.THREE, Signal.STEP): (State.TWO, Command.COUNT_TWO),
    (State.TWO, Signal.STEP): (State.ONE, Command.COUNT_ONE),
    (State.ONE, Signal.STEP): (State.COUNTED, Command.LET_GO),
    **{(state, Signal.TOO_LONG): (State.STUCK, Command.BUTTON_STUCK) for state in _NOT_STUCK},
    **{(state, end): (State.UP, None) for state in _NOT_STUCK for end in (Signal.RELEASE, Signal.LOST)},
    **{
        (state, end): (State.UP, Command.COUNT_CANCELLED)
        for state in (*_COUNTING, State.COUNTED)
        for end in (Signal.RELEASE, Signal.LOST)
    },
    (State.COUNTED, Signal.RELEASE): (State.UP, Command.SHUT_DOWN),
    (State.STUCK, Signal.RELEASE): (State.UP, Command.BUTTON_FREE),
    (State.STUCK, Signal.LOST): (State.UP, Command.BUTTON_FREE),
}
"""The next state, and its command if there is one; a signal without an entry changes nothing."""

_FURTHER = ((Command.REPEAT,), (Command.NEXT_MODE,), (Command.PREVIOUS_MODE, Command.INTRODUCE))
"""The commands of the second, the third and the fourth press; the fourth takes back what the third has changed."""


class Gestures:
    """Turns the edges of one button, with their times, into commands."""

    def __init__(self, settings: GestureSettings = GestureSettings()) -> None:
        self._settings = settings
        self.state = State.UP
        self._pressed_s = 0.0
        self._stepped_s = 0.0
        self._edge_s = float("-inf")
        self._presses = 0

    def update_settings(self, settings: GestureSettings) -> None:
        """Use other times from now on."""
        self._settings = settings

    def edge(self, edge: Edge, *, speaking: bool) -> list[Command]:
        """Return the commands of an edge; `speaking` is whether something is being said."""
        if not edge.pressed:
            return self.released(edge.t_s, by_hand=edge.by_hand)
        if not edge.by_hand:
            return self._signal(Signal.FOUND_DOWN, edge.t_s)
        return self.pressed(edge.t_s, speaking=speaking)

    def pressed(self, now: float, *, speaking: bool) -> list[Command]:
        """Return the commands when the button goes down; nothing changes when it is down already."""
        if self.state is not State.UP:
            return []
        self._presses = self._presses + 1 if now - self._edge_s <= self._settings.again_s else 1
        self._edge_s = now
        self._signal(Signal.PRESS, now)
        if self._presses == 1:
            return [Command.SILENCE if speaking else Command.TELL]
        further = self._presses - 2
        return list(_FURTHER[further]) if further < len(_FURTHER) else []

    def released(self, now: float, *, by_hand: bool = True) -> list[Command]:
        """Return the commands when the button goes up, or when its remote is lost."""
        commands = self.tick(now)
        if self.state is State.DOWN:
            self._edge_s = now
        elif self.state is not State.UP:
            self._presses = 0
        # A finger that left the button before "let go" was said did not mean to switch off.
        answers = by_hand and now > self._stepped_s
        return commands + self._signal(Signal.RELEASE if answers else Signal.LOST, now)

    def tick(self, now: float) -> list[Command]:
        """Return the commands that are due; each call takes one step, so that a delay skips no word of the count."""
        signal = next((signal for signal, due_s in self._due().items() if now >= due_s), None)
        return [] if signal is None else self._signal(signal, now)

    def due_s(self) -> float:
        """Return the time at which `tick` has something to do; infinite while the button is up."""
        return min(self._due().values(), default=math.inf)

    def _due(self) -> dict[Signal, float]:
        """Return the times of the signals that come if nothing happens to the button; the first one counts first."""
        due_s: dict[Signal, float] = {}
        if self.state in _NOT_STUCK:
            due_s[Signal.TOO_LONG] = self._pressed_s + self._settings.stuck_s
        if self.state is State.DOWN:
            signal = Signal.LONG_AGAIN if self._presses == 2 else Signal.LONG
            due_s[signal] = self._pressed_s + self._settings.status_s
        if self.state is State.HELD:
            due_s[Signal.VERY_LONG] = self._pressed_s + self._settings.shut_down_s
        if self.state in _COUNTING:
            due_s[Signal.STEP] = self._stepped_s + COUNT_STEP_S
        return due_s

    def _signal(self, signal: Signal, now: float) -> list[Command]:
        if (self.state, signal) not in TRANSITIONS:
            return []
        if self.state is State.UP:
            self._pressed_s = now
        self.state, command = TRANSITIONS[self.state, signal]
        self._stepped_s = now
        return [] if command is None else [command]


class ControlPanel:
    """Reads all controls of the wearer; each has its own gestures, so that a stuck button does not block the others."""

    def __init__(self, controls: Sequence[Controls], settings: GestureSettings = GestureSettings()) -> None:
        self._controls = [(each, Gestures(settings)) for each in controls]
        self._settles_s = float("-inf")
        self.update_settings(settings)

    def update_settings(self, settings: GestureSettings) -> None:
        """Use other times from now on."""
        self.longest_pair_s = settings.status_s + settings.again_s
        """The longest time from a press to a second press of the same gesture."""
        self.longest_hold_s = self.longest_pair_s + settings.status_s
        """The longest time from a press to the command of a hold after it, but for a turn of the loop."""
        for _, gestures in self._controls:
            gestures.update_settings(settings)

    def take(self, now: float, *, speaking: bool) -> list[Command | Request]:
        """Return the commands since the last call; call this in each turn of the loop."""
        asked: list[Command | Request] = []
        for controls, gestures in self._controls:
            for each in controls.take():
                if isinstance(each, Edge):
                    self._settles_s = now + SETTLES_S
                    asked += gestures.edge(each, speaking=speaking)
                else:
                    asked.append(each)
            asked += gestures.tick(now)
        return asked

    def due_s(self, now: float) -> float:
        """Return the time at which `take` should be called again, though no control has woken the loop until then."""
        settles_s = now if now < self._settles_s else math.inf
        return min([settles_s, *(gestures.due_s() for _, gestures in self._controls)])

    def close(self) -> None:
        """Close all controls."""
        with ExitStack() as closing:
            for controls, _ in self._controls:
                closing.callback(controls.close)
