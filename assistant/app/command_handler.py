"""Handles commands: answers, repeats, leads to the face, changes mode or volume, says the status, switches off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.app.guide import Guide
from assistant.controls.commands import MODES, Command, Mode, Request
from assistant.controls.gestures import ControlPanel
from assistant.faults import Fault
from assistant.speech.announcement import Announcement, PhraseKeys, Priority
from assistant.speech.announcer import Announcer
from assistant.speech.sentences import INTRODUCTION, Status, number
from assistant.speech.voice import VoiceController

Reply = dict[str, Any]
Said = Announcement | None

_SPOKEN: Mapping[Command, tuple[str, ...]] = {
    Command.COUNT_THREE: (number(3),),
    Command.COUNT_TWO: (number(2),),
    Command.COUNT_ONE: (number(1),),
    Command.LET_GO: ("let_go",),
    Command.COUNT_CANCELLED: ("going_on",),
    Command.STOP: ("stopping",),
    Command.SHUT_DOWN: ("shutting_down",),
}
"""What is said while the button is held, and at the end."""

UNASKED = (Priority.PRESENCE, Priority.EMOTION, Priority.HEAD, Priority.ATTENTION)
"""What no longer waits when the mode changes."""

_BUTTON_FAULTS: Mapping[Command, Fault] = {
    Command.BUTTON_STUCK: Fault.BUTTON_STUCK,
    Command.BUTTON_FREE: Fault.BUTTON_FREE,
}


@dataclass(slots=True)
class ServiceHooks:
    """What the command handler needs from the service."""

    answer: Callable[[], Announcement]
    """Returns the answer to a press."""
    status: Callable[[float], Status]
    report: Callable[[Fault, float], None]
    end: Callable[[bool], None]
    """Ends the program; with True, also switches the machine off."""
    guide: Guide
    """Leads to the face by a sound."""


class CommandHandler:
    """Handles commands from the button, keys, the remote and other programs."""

    def __init__(
        self,
        panel: ControlPanel,
        announcer: Announcer,
        speech: VoiceController,
        introduction: PhraseKeys = INTRODUCTION,
    ) -> None:
        """`introduction` is what the headset says of itself to the people in front."""
        self._introduction = introduction
        self._panel = panel
        self._announcer = announcer
        self._speech = speech
        self._before: Announcement | None = None
        """The phrase before the latest answer."""
        self._answered_s = self._guided_s = float("-inf")
        """When a press was answered, and when a press has ended the sound that leads to the face."""
        self._handlers: Mapping[Command, Callable[[Command, ServiceHooks, float], Said]] = {
            Command.TELL: self._say_answer,
            Command.REPEAT: self._repeat,
            Command.SILENCE: self._silence,
            Command.STATUS: self._say_status,
            Command.INTRODUCE: self._introduce,
            Command.GUIDE: self._guide,
            Command.PREVIOUS_MODE: self._take_mode_back,
            **dict.fromkeys((Command.LOUDER, Command.QUIETER), self._change_volume),
            **dict.fromkeys((Command.MUTE, Command.UNMUTE, Command.TOGGLE_MUTE), self._mute),
            **dict.fromkeys((Command.NEXT_MODE, *MODES), self._change_mode),
            **dict.fromkeys(_BUTTON_FAULTS, self._report),
            **dict.fromkeys(_SPOKEN, self._hold),
        }

    def handle_pending(self, hooks: ServiceHooks, now: float) -> None:
        """Handle every command that came since the last turn."""
        for asked in self._panel.take(now, speaking=self._speech.is_speaking() or hooks.guide.is_asked):
            if isinstance(asked, Request):
                # Requests of a program are not presses of one gesture.
                self._answered_s = self._guided_s = float("-inf")
                asked.reply(self._reply(asked.command, self._do(asked.command, hooks, now), hooks, now))
            else:
                self._do(asked, hooks, now)

    def close(self) -> None:
        """Close the controls."""
        self._panel.close()

    def _reply(self, command: Command, said: Said, hooks: ServiceHooks, now: float) -> Reply:
        if command is Command.STATUS:
            return {"ok": True, **asdict(hooks.status(now))}
        return {"ok": True} if said is None else {"ok": True, "said": self._speech.sentence(said)}

    def _do(self, command: Command, hooks: ServiceHooks, now: float) -> Said:
        """Handle a command; return the answer that is said, if there is one."""
        return self._handlers[command](command, hooks, now)

    def _say_answer(self, _: Command, hooks: ServiceHooks, now: float) -> Said:
        self._before, self._answered_s = self._speech.last, now
        return self._say(hooks.answer(), now)

    def _repeat(self, _: Command, __: ServiceHooks, now: float) -> Said:
        """Say the last phrase again.

        A first of two presses may just have begun an answer, which is not the last phrase then.
        """
        last = self._before if now - self._answered_s <= self._panel.longest_pair_s else self._speech.last
        return self._answer(("nothing_to_repeat",) if last is None else last.parts, now)

    def _silence(self, _: Command, hooks: ServiceHooks, now: float) -> Said:
        self._answered_s = float("-inf")  # a press that follows repeats the phrase that this one has cut off
        self._speech.silence(now)
        self._guided_s = now if hooks.guide.is_asked else self._guided_s
        hooks.guide.stop(now)
        return None

    def _say_status(self, _: Command, hooks: ServiceHooks, now: float) -> Said:
        return self._answer(hooks.status(now).parts(), now)

    def _introduce(self, _: Command, __: ServiceHooks, now: float) -> Said:
        return self._answer(self._introduction, now)

    def _guide(self, _: Command, hooks: ServiceHooks, now: float) -> Said:
        """Begin or end to lead to the face; the first press of this gesture may just have ended it."""
        has_ended = now - self._guided_s <= self._panel.longest_hold_s
        return self._answer(("guiding.off",) if has_ended else hooks.guide.ask(now), now)

    def _change_volume(self, command: Command, _: ServiceHooks, now: float) -> Said:
        self._speech.change_volume(1 if command is Command.LOUDER else -1)
        return self._answer((f"mode.{command}",), now)

    def _change_mode(self, command: Command, _: ServiceHooks, now: float) -> Said:
        self._announcer.mode = MODES.get(command) or _neighbour(self._announcer.mode, 1)
        self._speech.discard(UNASKED, now)
        return self._answer((f"mode.{self._announcer.mode}",), now)

    def _take_mode_back(self, _: Command, __: ServiceHooks, now: float) -> Said:
        """Go back to the mode before, without a word: the third of four presses has chosen another."""
        self._announcer.mode = _neighbour(self._announcer.mode, -1)
        self._speech.discard(UNASKED, now)
        return None

    def _report(self, command: Command, hooks: ServiceHooks, now: float) -> Said:
        hooks.report(_BUTTON_FAULTS[command], now)
        return None

    def _hold(self, command: Command, hooks: ServiceHooks, now: float) -> Said:
        hooks.guide.stop(now)
        said = self._answer(_SPOKEN[command], now)
        if command in (Command.STOP, Command.SHUT_DOWN):
            hooks.end(command is Command.SHUT_DOWN)
        return said

    def _mute(self, command: Command, hooks: ServiceHooks, now: float) -> Said:
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


def _neighbour(mode: Mode, steps: int) -> Mode:
    modes = list(Mode)
    return modes[(modes.index(mode) + steps) % len(modes)]
