"""Decides when an announcement is said. One announcement is said at a time; of each subject only the newest waits.

This file does no input or output; every time is an argument, in seconds of the loop's clock.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from assistant.setting import setting
from assistant.speech.announcement import Announcement, Priority

MINUTE_S = 60.0

END_AWAITED_EVERY_S = 0.1
"""While something waits for the end of a phrase, that is looked for this often: not every speaker tells its end."""


class Fate(StrEnum):
    """What happened to an announcement."""

    STARTED = "started"
    DROPPED = "dropped"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An announcement and what happened to it."""

    announcement: Announcement
    fate: Fate


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How often the headset speaks, and how long an announcement may wait."""

    least_gap_s: float = setting(
        2.0,
        "The shortest time from the start of any phrase to the start of an unasked one; a larger value speaks less "
        "often; faults and answers do not wait",
        unit="seconds",
        high=60,
    )
    most_a_minute: int = setting(
        8,
        "The most unasked phrases in a minute, of which looks and nods leave a quarter to the others; a larger value "
        "speaks more often; faults do not count",
        low=0,
        high=60,
    )
    stale_s: float = setting(
        4.0,
        "An unasked phrase that waited longer is dropped, unless it is a fault; a larger value says more, but later",
        unit="seconds",
        low=0.1,
        high=60,
    )
    answer_stale_s: float = setting(
        10.0,
        "An answer that waited longer is dropped; a larger value says more, but later",
        unit="seconds",
        low=1,
        high=60,
    )
    fault_stale_s: float = setting(
        60.0,
        "A fault that waited longer is dropped; a larger value says more, but later",
        unit="seconds",
        low=10,
        high=600,
    )

    def most_of(self, priority: Priority) -> int:
        """Return how many unasked phrases a minute may have for one more of this priority to be said.

        A quarter is left for emotions and presence, so that somebody who nods often does not silence these.
        """
        most = self.most_a_minute
        return most if priority >= Priority.EMOTION else most - most // 4

    def stale_after_s(self, priority: Priority) -> float:
        """Return for how many seconds an announcement of this priority may wait."""
        if priority is Priority.FAULT:
            return self.fault_stale_s
        return self.answer_stale_s if priority is Priority.ANSWER else self.stale_s


@dataclass(frozen=True, slots=True)
class _Waiting:
    announcement: Announcement
    since_s: float


class SpeechQueue:
    """Decides which announcement starts and which is dropped; starting one cuts off the one that is being said.

    A higher priority cuts off a lower one, and an answer cuts off an older answer; only `silence` cuts off a fault.
    """

    def __init__(self, settings: SpeechSettings = SpeechSettings()) -> None:
        self._settings = settings
        self._waiting: dict[tuple[Priority, str], _Waiting] = {}
        self._spoken: Announcement | None = None
        self._started_s = float("-inf")
        self._unasked_s: list[float] = []
        """The times at which the unasked phrases of the last minute began."""

    def update_settings(self, settings: SpeechSettings) -> None:
        """Use other settings from now on."""
        self._settings = settings

    def enqueue(self, announcement: Announcement, now: float) -> list[Outcome]:
        """Let an announcement wait; drop the one of the same priority and subject that waited before."""
        place = (announcement.priority, announcement.subject)
        older = self._waiting.pop(place, None)
        self._waiting[place] = _Waiting(announcement, now)
        return [] if older is None else [Outcome(older.announcement, Fate.DROPPED)]

    def step(self, now: float, speaking: bool) -> list[Outcome]:
        """Return what is dropped, cut off and started now; `speaking` says whether the last phrase still sounds."""
        if not speaking:
            self._spoken = None
        outcomes = self._drop_stale(now)
        first = max(self._waiting, key=lambda place: place[0], default=None)  # of equal priorities the oldest
        if first is not None and self._may_start(self._waiting[first].announcement, now):
            outcomes += self._start(self._waiting.pop(first).announcement, now)
        return outcomes

    def due_s(self, now: float) -> float:
        """Return the time at which `step` should be called again; infinite while nothing waits."""
        if any(self._may_start(each.announcement, now) for each in self._waiting.values()):
            return now
        stale_s = (each.since_s + self._settings.stale_after_s(place[0]) for place, each in self._waiting.items())
        if not self._waiting:
            return math.inf
        highest = max(priority for priority, _ in self._waiting)
        start_s = self._room_s(highest, now) if self._spoken is None else now + END_AWAITED_EVERY_S
        return min(*stale_s, start_s)

    def is_waiting(self, priority: Priority) -> bool:
        """Return whether an announcement of this priority waits."""
        return any(place[0] is priority for place in self._waiting)

    def discard(self, priorities: Collection[Priority], topic: object = None) -> list[Outcome]:
        """Drop the waiting announcements of these priorities, or only those of a topic: they are no longer true."""
        places = [
            place
            for place, each in self._waiting.items()
            if place[0] in priorities and topic in (None, each.announcement.topic)
        ]
        return [Outcome(self._waiting.pop(place).announcement, Fate.DROPPED) for place in places]

    def silence(self, speaking: bool) -> list[Outcome]:
        """Cut off what is being said, faults too, and drop what waits, except faults."""
        return [*self._cut(speaking), *self.discard([each for each in Priority if each is not Priority.FAULT])]

    def close(self, speaking: bool) -> list[Outcome]:
        """Cut off what is being said and drop what waits, because the program ends."""
        cut = self._cut(speaking)
        dropped = [Outcome(each.announcement, Fate.DROPPED) for each in self._waiting.values()]
        self._waiting = {}
        return [*cut, *dropped]

    def _cut(self, speaking: bool) -> list[Outcome]:
        spoken, self._spoken = self._spoken, None
        return [] if spoken is None or not speaking else [Outcome(spoken, Fate.CUT)]

    def _drop_stale(self, now: float) -> list[Outcome]:
        stale = [
            place
            for place, each in self._waiting.items()
            if now - each.since_s > self._settings.stale_after_s(each.announcement.priority)
        ]
        return [Outcome(self._waiting.pop(place).announcement, Fate.DROPPED) for place in stale]

    def _start(self, announcement: Announcement, now: float) -> list[Outcome]:
        cut = [] if self._spoken is None else [Outcome(self._spoken, Fate.CUT)]
        self._spoken = announcement
        if announcement.parts:  # a tone alone does not count as a phrase
            self._started_s = now
            if announcement.priority < Priority.ANSWER:
                self._unasked_s.append(now)
        return [*cut, Outcome(announcement, Fate.STARTED)]

    def _may_start(self, announcement: Announcement, now: float) -> bool:
        if self._spoken is not None and not _may_cut(announcement.priority, self._spoken.priority):
            return False
        is_free = announcement.priority >= Priority.ANSWER or not announcement.parts
        return is_free or self._has_room(announcement.priority, now)

    def _room_s(self, priority: Priority, now: float) -> float:
        """Return the time at which the limits of frequency let an unasked phrase of this priority start."""
        gap_over_s = self._started_s + self._settings.least_gap_s
        most = self._settings.most_of(priority)
        recent_s = [then for then in self._unasked_s if now - then < MINUTE_S]
        if len(recent_s) < most:
            return gap_over_s
        return max(gap_over_s, recent_s[-most] + MINUTE_S) if most else math.inf

    def _has_room(self, priority: Priority, now: float) -> bool:
        """Return whether the limits of frequency let an unasked phrase of this priority start now."""
        self._unasked_s = [then for then in self._unasked_s if now - then < MINUTE_S]
        few = len(self._unasked_s) < self._settings.most_of(priority)
        return few and now - self._started_s >= self._settings.least_gap_s


def _may_cut(priority: Priority, spoken: Priority) -> bool:
    return priority > spoken or priority is spoken is Priority.ANSWER
