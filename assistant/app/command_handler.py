"""Does what the wearer asks for: tells, repeats, is silent, changes its mode, says how it is, switches off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.controls.commands import MODES, Command, Mode, Request
from assistant.controls.gestures import ControlPanel
from assistant.faults import Fault
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.announcer import Announcer
from assistant.speech.sentences import Status, number
from assistant.speech.voice import VoiceController

Reply = dict[str, Any]
Told = Announcement | None

_SPOKEN: Mapping[Command, tuple[str, ...]] = {
    Command.COUNT_THREE: (number(3),),
    Command.COUNT_TWO: (number(2),),
    Command.COUNT_ONE: (number(1),),
    Command.LET_GO: ("let_go",),
    Command.COUNT_CANCELLED: ("going_on",),
    Command.STOP: ("stopping",),
    Command.SHUT_DOWN: ("shutting_down",),
}
"""What is said when the button is held, and at the end."""

_BUTTON_FAULTS: Mapping[Command, Fault] = {
    Command.BUTTON_STUCK: Fault.BUTTON_STUCK,
    Command.BUTTON_FREE: Fault.BUTTON_FREE,
}


@dataclass(slots=True)
class ServiceHooks:
    """What the attendant asks the loop, and tells it."""

    answer: Callable[[], Announcement]
    """What is seen at this moment."""
    status: Callable[[float], Status]
    report: Callable[[Fault, float], None]
    end: Callable[[bool], None]
    """End the program; with True, switch the machine off."""


class CommandHandler:
    """Takes what comes from button, keys, remote and other programs."""

    def __init__(self, panel: ControlPanel, announcer: Announcer, speech: VoiceController) -> None:
        self._panel = panel
        self._announcer = announcer
        self._speech = speech
        self._before: Announcement | None = None
        """What was said last before the latest answer."""
        self._told_s = float("-inf")
        self._handlers: Mapping[Command, Callable[[Command, ServiceHooks, float], Told]] = {
            Command.TELL: self._tell,
            Command.REPEAT: self._repeat,
            Command.SILENCE: self._silence,
            Command.STATUS: self._tell_status,
            **dict.fromkeys((Command.LOUDER, Command.QUIETER), self._change_volume),
            **dict.fromkeys((Command.MUTE, Command.UNMUTE, Command.TOGGLE_MUTE), self._mute),
            **dict.fromkeys((Command.NEXT_MODE, *MODES), self._change_mode),
            **dict.fromkeys(_BUTTON_FAULTS, self._report),
            **dict.fromkeys(_SPOKEN, self._hold),
        }

    def handle_pending(self, hooks: ServiceHooks, now: float) -> None:
        """Do all that was asked for since the last turn."""
        for asked in self._panel.take(now, speaking=self._speech.is_speaking()):
            if isinstance(asked, Request):
                self._told_s = float("-inf")  # a program's requests are no presses of one gesture
                asked.reply(self._reply(asked.command, self._do(asked.command, hooks, now), hooks, now))
            else:
                self._do(asked, hooks, now)

    def close(self) -> None:
        """Let go of the controls."""
        self._panel.close()

    def _reply(self, command: Command, told: Told, hooks: ServiceHooks, now: float) -> Reply:
        if command is Command.STATUS:
            return {"ok": True, **asdict(hooks.status(now))}
        return {"ok": True} if told is None else {"ok": True, "said": self._speech.sentence(told)}

    def _do(self, command: Command, hooks: ServiceHooks, now: float) -> Told:
        """Do it; the answer that is given aloud, if there is one."""
        return self._handlers[command](command, hooks, now)

    def _tell(self, _: Command, hooks: ServiceHooks, now: float) -> Told:
        self._before, self._told_s = self._speech.last, now
        return self._say(hooks.answer(), now)

    def _repeat(self, _: Command, __: ServiceHooks, now: float) -> Told:
        """Say the last phrase again; not the answer that the first of two presses has just begun."""
        last = self._before if now - self._told_s <= self._panel.longest_pair_s else self._speech.last
        return self._answer(("nothing_to_repeat",) if last is None else last.parts, now)

    def _silence(self, _: Command, __: ServiceHooks, now: float) -> Told:
        self._told_s = float("-inf")  # a press that follows repeats what this one has silenced
        self._speech.silence(now)
        return None

    def _tell_status(self, _: Command, hooks: ServiceHooks, now: float) -> Told:
        return self._answer(hooks.status(now).parts(), now)

    def _change_volume(self, command: Command, _: ServiceHooks, now: float) -> Told:
        self._speech.change_volume(1 if command is Command.LOUDER else -1)
        return self._answer((f"mode.{command}",), now)

    def _change_mode(self, command: Command, _: ServiceHooks, now: float) -> Told:
        self._announcer.mode = MODES.get(command) or _next(self._announcer.mode)
        self._speech.discard((Priority.PRESENCE, Priority.EMOTION), now)
        return self._answer((f"mode.{self._announcer.mode}",), now)

    def _report(self, command: Command, hooks: ServiceHooks, now: float) -> Told:
        hooks.report(_BUTTON_FAULTS[command], now)
        return None

    def _hold(self, command: Command, hooks: ServiceHooks, now: float) -> Told:
        told = self._answer(_SPOKEN[command], now)
        if command in (Command.STOP, Command.SHUT_DOWN):
            hooks.end(command is Command.SHUT_DOWN)
        return told

    def _mute(self, command: Command, hooks: ServiceHooks, now: float) -> Told:
        speech = self._speech
        speech.muted = command is Command.MUTE or (command is Command.TOGGLE_MUTE and not speech.muted)
        if speech.muted:
            speech.silence(now)
            speech.discard((Priority.FAULT,), now)
            return self._answer(("mode.muted",), now)
        return self._answer(("mode.unmuted", *hooks.status(now).faults), now)

    def _answer(self, parts: tuple[str, ...], now: float) -> Announcement:
        return self._say(Announcement.answering(parts), now)

    def _say(self, announcement: Announcement, now: float) -> Announcement:
        self._speech.enqueue(announcement, now)
        return announcement


def _next(mode: Mode) -> Mode:
    modes = list(Mode)
    return modes[(modes.index(mode) + 1) % len(modes)]
