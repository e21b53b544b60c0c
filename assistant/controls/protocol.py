"""What goes over the control socket: a request in a line of words, its answer in a line of JSON; no I/O here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.controls.commands import Command
from assistant.errors import AssistantError

LONGEST_REQUEST = 200
"""Bytes, with the end of the line."""

REQUESTS: Mapping[str, Command] = {
    str(command): command
    for command in (
        Command.TELL,
        Command.REPEAT,
        Command.SILENCE,
        Command.MODE_CHANGES,
        Command.MODE_ASK,
        Command.MODE_FULL,
        Command.STATUS,
        Command.MUTE,
        Command.UNMUTE,
        Command.LOUDER,
        Command.QUIETER,
        Command.STOP,
    )
}
"""What another program may ask for; switching off takes the wearer's own hand."""


class ControlError(AssistantError, ValueError):
    """A request that cannot be understood, or a program that does not answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the socket puts up with."""

    clients: int = 8
    request_s: float = 2.0
    """A request must be there this long after its client came."""
    answer_s: float = 5.0
    """And its answer this long after the request."""


def parse_request(line: bytes) -> Command:
    """What a line asks for; ControlError names what there is."""
    words = " ".join(line.decode("ascii", errors="backslashreplace").split())
    if words not in REQUESTS:
        raise ControlError(f"{words!r}: no such request; there are {', '.join(REQUESTS)}")
    return REQUESTS[words]


def answer_line(answer: Mapping[str, Any]) -> bytes:
    """An answer as it is sent."""
    return json.dumps(answer, ensure_ascii=False, default=str).encode() + b"\n"


def refusal_line(error: object) -> bytes:
    """An answer that says what is wrong."""
    return answer_line({"ok": False, "error": str(error)})


def parse_answer(line: bytes) -> dict[str, Any]:
    """Read an answer; ControlError when it is none."""
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise ControlError("the assistant ended before it answered") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise ControlError("the assistant's answer makes no sense; are both of the same version?")
    return answer


class Conversation:
    """One client: its request, piece by piece, and the time by which the next thing must have happened."""

    def __init__(self, now: float, limits: Limits) -> None:
        self._limits = limits
        self._received = b""
        self._asked = False
        self._deadline_s = now + limits.request_s

    @property
    def asked(self) -> bool:
        """Whether its request was understood, so that it waits for the answer."""
        return self._asked

    def receive(self, data: bytes, now: float) -> Command | None:
        """Take what came: the request once its line is whole; ControlError when it is none."""
        line, end, _ = (self._received + data).partition(b"\n")
        if len(line) >= LONGEST_REQUEST:
            raise ControlError(f"a request is a line of at most {LONGEST_REQUEST} bytes")
        if not end:
            self._received = line
            return None
        command = parse_request(line)
        self._asked = True
        self._deadline_s = now + self._limits.answer_s
        return command

    def left_s(self, now: float) -> float:
        """Seconds that are left."""
        return max(0.0, self._deadline_s - now)

    def complaint(self) -> ControlError:
        """What to say once they have passed."""
        if self._asked:
            return ControlError(f"no answer within {self._limits.answer_s:g} seconds")
        return ControlError(f"no request within {self._limits.request_s:g} seconds")
