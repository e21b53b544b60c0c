"""When an announcement is said: one is spoken, one may wait, the newest wins. Pure, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.announcer import Announcement, Priority
from assistant.setting import setting


class Fate(StrEnum):
    """What became of an announcement."""

    STARTED = "started"
    DROPPED = "dropped"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An announcement and what became of it."""

    announcement: Announcement
    fate: Fate


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How densely is spoken."""

    least_gap_s: float = setting(
        2.0,
        "From the beginning of one phrase to that of the next; a fault or an answer does not wait",
        unit="seconds",
        high=60,
    )
    stale_s: float = setting(
        2.0, "What nobody asked for and had to wait for longer is not said", unit="seconds", low=0.1, high=60
    )


class SpeechQueue:
    """Decides; the caller speaks what has started and silences what was cut."""

    def __init__(self, settings: SpeechSettings = SpeechSettings()) -> None:
        self._settings = settings
        self._waiting: Announcement | None = None
        self._waiting_since_s = 0.0
        self._spoken: Announcement | None = None
        self._started_s = float("-inf")

    def offer(self, announcement: Announcement, now: float) -> list[Outcome]:
        """Let an announcement wait; of two that wait the more urgent stays, and of equals the newer."""
        waiting = self._waiting
        if waiting is not None and waiting.priority > announcement.priority:
            return [Outcome(announcement, Fate.DROPPED)]
        self._waiting, self._waiting_since_s = announcement, now
        return [] if waiting is None else [Outcome(waiting, Fate.DROPPED)]

    def step(self, now: float, speaking: bool) -> list[Outcome]:
        """Say what is to happen now; `speaking` tells whether the last phrase still sounds."""
        if not speaking:
            self._spoken = None
        waiting = self._waiting
        if waiting is None:
            return []
        if self._is_stale(waiting, now):
            self._waiting = None
            return [Outcome(waiting, Fate.DROPPED)]
        if not self._may_start(waiting, now):
            return []
        cut = [] if self._spoken is None else [Outcome(self._spoken, Fate.CUT)]
        self._spoken, self._waiting, self._started_s = waiting, None, now
        return [*cut, Outcome(waiting, Fate.STARTED)]

    def close(self) -> list[Outcome]:
        """Drop what waits: the program ends."""
        waiting, self._waiting = self._waiting, None
        return [] if waiting is None else [Outcome(waiting, Fate.DROPPED)]

    def _is_stale(self, waiting: Announcement, now: float) -> bool:
        return waiting.priority < Priority.ANSWER and now - self._waiting_since_s > self._settings.stale_s

    def _may_start(self, waiting: Announcement, now: float) -> bool:
        if self._spoken is not None and waiting.priority <= self._spoken.priority:
            return False
        return waiting.priority >= Priority.ANSWER or now - self._started_s >= self._settings.least_gap_s
