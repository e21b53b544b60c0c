"""When an announcement is said: one is spoken, of each priority one waits, the newest wins. Pure, times in seconds."""

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
        4.0, "What nobody asked for and had to wait for longer is not said", unit="seconds", low=0.1, high=60
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    announcement: Announcement
    since_s: float


class SpeechQueue:
    """Decides; the caller says what has started, which cuts off what still sounds."""

    def __init__(self, settings: SpeechSettings = SpeechSettings()) -> None:
        self._settings = settings
        self._waiting: dict[Priority, _Waiting] = {}
        self._spoken: Announcement | None = None
        self._started_s = float("-inf")

    def offer(self, announcement: Announcement, now: float) -> list[Outcome]:
        """Let an announcement wait, in the place of an older one of its priority, which is dropped."""
        older = self._waiting.get(announcement.priority)
        self._waiting[announcement.priority] = _Waiting(announcement, now)
        return [] if older is None else [Outcome(older.announcement, Fate.DROPPED)]

    def step(self, now: float, speaking: bool) -> list[Outcome]:
        """Say what is to happen now; `speaking` tells whether the last phrase still sounds."""
        if not speaking:
            self._spoken = None
        outcomes = self._drop_stale(now)
        if self._waiting:
            first = self._waiting[max(self._waiting)].announcement
            if self._may_start(first, now):
                outcomes += self._start(first, now)
        return outcomes

    def is_waiting(self, priority: Priority) -> bool:
        """Whether an announcement of this priority waits."""
        return priority in self._waiting

    def close(self, speaking: bool) -> list[Outcome]:
        """The program ends: what still sounds is cut off, what waits is dropped."""
        cut = [Outcome(self._spoken, Fate.CUT)] if speaking and self._spoken is not None else []
        dropped = [Outcome(each.announcement, Fate.DROPPED) for each in self._waiting.values()]
        self._spoken, self._waiting = None, {}
        return [*cut, *dropped]

    def _drop_stale(self, now: float) -> list[Outcome]:
        stale = [
            priority
            for priority, each in self._waiting.items()
            if priority < Priority.ANSWER and now - each.since_s > self._settings.stale_s
        ]
        return [Outcome(self._waiting.pop(priority).announcement, Fate.DROPPED) for priority in stale]

    def _start(self, announcement: Announcement, now: float) -> list[Outcome]:
        cut = [] if self._spoken is None else [Outcome(self._spoken, Fate.CUT)]
        del self._waiting[announcement.priority]
        self._spoken, self._started_s = announcement, now
        return [*cut, Outcome(announcement, Fate.STARTED)]

    def _may_start(self, announcement: Announcement, now: float) -> bool:
        if self._spoken is not None and announcement.priority <= self._spoken.priority:
            return False
        return announcement.priority >= Priority.ANSWER or now - self._started_s >= self._settings.least_gap_s
