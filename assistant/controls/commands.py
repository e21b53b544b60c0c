"""What the wearer can ask for, and how it comes from a button, a key, a remote or another program."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from assistant.setting import setting


class Mode(StrEnum):
    """What is said unasked."""

    CHANGES = "changes"
    ASK = "ask"
    FULL = "full"


class Command(StrEnum):
    """Something that the wearer wants, or has to be told about the button."""

    TELL = "tell"
    REPEAT = "repeat"
    SILENCE = "silence"
    NEXT_MODE = "next mode"
    MODE_CHANGES = "mode changes"
    MODE_ASK = "mode ask"
    MODE_FULL = "mode full"
    STATUS = "status"
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
    """The button went down or up at this time, in seconds of the loop's clock."""

    pressed: bool
    t_s: float
    by_hand: bool = True
    """False when no finger moved: it was down already at the start, or the remote was lost while it was down."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command whose sender waits for an answer; `reply` may be called later, from any thread, and never blocks."""

    command: Command
    reply: Callable[[Mapping[str, Any]], None]


Input = Edge | Command | Request


class Controls(Protocol):
    """Something that the wearer or a helper commands with."""

    def take(self) -> list[Input]:
        """What has come since the last call, the oldest first; never waits."""

    def close(self) -> None:
        """Let go of it; called again it does nothing."""


class Inbox:
    """Hands over what a thread puts in to the loop that takes it out."""

    def __init__(self) -> None:
        self._inputs: deque[Input] = deque()

    def put(self, *inputs: Input) -> None:
        """Add these."""
        self._inputs.extend(inputs)

    def take(self) -> list[Input]:
        """All that was put in since the last call."""
        return [self._inputs.popleft() for _ in range(len(self._inputs))]


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A Bluetooth or USB remote; its keys have the kernel's names, and an empty one is not used."""

    device: str = setting("", "Its name as in /proc/bus/input/devices, or its path below /dev/input; empty: none")
    tell: str = setting("KEY_PLAYPAUSE", "The key that is pressed as the button is")
    repeat: str = setting("KEY_PREVIOUSSONG", "The key that repeats what was said last")
    mode: str = setting("KEY_NEXTSONG", "The key that chooses the next mode")
    louder: str = setting("KEY_VOLUMEUP", "The key that makes the voice louder")
    quieter: str = setting("KEY_VOLUMEDOWN", "The key that makes it quieter")
