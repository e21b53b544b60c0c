"""The protocol of the control socket: a request is a line of words, its answer a line of JSON.

This file does no input or output; every time is an argument, in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.controls.commands import Command
from assistant.errors import AssistantError

LONGEST_REQUEST = 200
"""The longest request, in bytes, with the end of its line."""

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
        Command.INTRODUCE,
        Command.GUIDE,
        Command.MUTE,
        Command.UNMUTE,
        Command.LOUDER,
        Command.QUIETER,
        Command.STOP,
    )
}
"""The requests of other programs. Switching the machine off is no request: only the wearer does that, by hand."""


class ControlError(AssistantError, ValueError):
    """A request that is wrong, or an assistant that does not answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the socket."""

    clients: int = 8
    """The most clients at a time."""
    request_s: float = 2.0
    """A client must have sent its request within this time."""
    answer_s: float = 5.0
    """A request must be answered within this time."""


def parse_request(line: bytes) -> Command:
    """Return the command of a line; raise ControlError, which lists the requests, when it has none."""
    words = " ".join(line.decode("ascii", errors="backslashreplace").split())
    if words not in REQUESTS:
        raise ControlError(f"{words!r}: there is no such request; the requests are {', '.join(REQUESTS)}")
    return REQUESTS[words]


def answer_line(answer: Mapping[str, Any]) -> bytes:
    """Return an answer as the bytes that are sent."""
    return json.dumps(answer, ensure_ascii=False, default=str).encode() + b"\n"


def refusal_line(error: object) -> bytes:
    """Return the bytes of an answer that says what is wrong."""
    return answer_line({"ok": False, "error": str(error)})


def parse_answer(line: bytes) -> dict[str, Any]:
    """Return the answer of a line; raise ControlError when the line is none."""
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise ControlError("the assistant ended before it answered") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        raise ControlError(
            "the answer of the assistant cannot be read; are `assistant ctl` and the assistant of the same version?"
        )
    return answer


class Conversation:
    """The conversation with one client: its request, which may come in pieces, and its deadline."""

    def __init__(self, now: float, limits: Limits) -> None:
        self._limits = limits
        self._received = b""
        self._asked = False
        self._deadline_s = now + limits.request_s

    @property
    def asked(self) -> bool:
        """Whether the request is complete, so that the client waits for the answer."""
        return self._asked

    def receive(self, data: bytes, now: float) -> Command | None:
        """Take a piece of the request; return the command once its line is whole, or raise ControlError."""
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
        """Return how many seconds are left until the deadline."""
        return max(0.0, self._deadline_s - now)

    def timeout_error(self) -> ControlError:
        """Return the error to send after the deadline."""
        if self._asked:
            return ControlError(f"no answer within {self._limits.answer_s:g} seconds")
        return ControlError(f"no request within {self._limits.request_s:g} seconds")
