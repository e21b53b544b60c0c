"""Gives the voice what is said first, one notice after the other. Times are in seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.speech.announcement import Announcement, Priority
from assistant.speech.voice import VoiceController


class Notices:
    """Each notice waits until nothing is said. It is said again if there was no sound: many sound cards come late."""

    def __init__(self, voice: VoiceController, notices: Sequence[Announcement]) -> None:
        self._voice = voice
        self._waiting = list(notices)
        self._unheard: list[Announcement] = []
        """The notices that were given to the voice and may not have sounded."""

    def on_sound_back(self) -> None:
        """Say again what may not have sounded."""
        self._waiting = [*self._unheard, *self._waiting]
        self._unheard = []

    def step(self, now: float, *, has_sound: bool, all_was_heard: Callable[[], bool]) -> None:
        """Give the next notice while there is sound.

        `all_was_heard` tells whether what was given so far has sounded. It is asked only while that is not known.
        """
        if self._unheard and all_was_heard():
            self._unheard = []
        if has_sound and self._waiting and self._may_speak(self._waiting[0].priority):
            notice = self._waiting.pop(0)
            self._unheard.append(notice)
            self._voice.enqueue(notice, now)

    def _may_speak(self, priority: Priority) -> bool:
        return not (self._voice.is_speaking() or self._voice.is_waiting(priority))
