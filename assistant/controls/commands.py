"""The commands of the wearer, and the port for whatever gives them: a button, keys, a remote, another program."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Mode(StrEnum):
    """What is said unasked."""

    CHANGES = "changes"
    ASK = "ask"
    FULL = "full"


class Command(StrEnum):
    """Something that the wearer asks for, or that the wearer must hear about the button."""

    TELL = "tell"
    REPEAT = "repeat"
    SILENCE = "silence"
    NEXT_MODE = "next mode"
    PREVIOUS_MODE = "previous mode"
    MODE_CHANGES = "mode changes"
    MODE_ASK = "mode ask"
    MODE_FULL = "mode full"
    STATUS = "status"
    INTRODUCE = "introduce"
    GUIDE = "guide"
    MUTE = "mute"
    UNMUTE = "unmute"
    TOGGLE_MUTE = "mute or unmute"
    LOUDER = "louder"
    QUIETER = "quieter"
    COUNT_THREE = "three"
    COUNT_TWO = "two"
    COUNT_ONE = "one"
    LET_GO = "let go to switch off"
    COUNT_CANCELLED = "not switched off"
    SHUT_DOWN = "shut down"
    STOP = "stop"
    BUTTON_STUCK = "button stuck"
    BUTTON_FREE = "button free"


MODES: Mapping[Command, Mode] = {
    Command.MODE_CHANGES: Mode.CHANGES,
    Command.MODE_ASK: Mode.ASK,
    Command.MODE_FULL: Mode.FULL,
}
"""The mode that each of these commands chooses."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The button went down or up, at this time in seconds of the loop's clock."""

    pressed: bool
    t_s: float
    by_hand: bool = True
    """False when no finger moved: the button was down at the start, or the remote was lost while its key was down."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command whose sender waits for an answer; `reply` may be called later, from any thread, and never waits."""

    command: Command
    reply: Callable[[Mapping[str, Any]], None]


Input = Edge | Command | Request


class Controls(Protocol):
    """The port for anything that the wearer or a helper gives commands with."""

    def take(self) -> list[Input]:
        """Return what has come since the last call, the oldest first, without waiting."""

    def close(self) -> None:
        """Close it; a second call does nothing."""


class Inbox:
    """Hands the inputs that a thread puts in to the loop, which takes them out."""

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        """`wake` is called with each input, and may wake the loop."""
        self._inputs: deque[Input] = deque()
        self._wake = wake

    def put(self, *inputs: Input) -> None:
        """Add inputs."""
        self._inputs.extend(inputs)
        if inputs:
            self._wake()

    def take(self) -> list[Input]:
        """Return the inputs since the last call, the oldest first."""
        return [self._inputs.popleft() for _ in range(len(self._inputs))]
