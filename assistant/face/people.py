"""Whether somebody has joined those who are there: how many the wearer knows of, and how many are seen.

This file does no input or output; every time is an argument, in seconds.
"""

from __future__ import annotations

JOIN_S = 2.0
"""More people than are known of must be seen for this time, in every frame: a passer-by or a wrong face is neither."""

LEAVE_S = 10.0
"""Fewer people must be seen for this time before they count as fewer, so that one who bends down joins nobody anew."""


class PeopleWatch:
    """Counts the people that the wearer knows of, and reports when there are more."""

    def __init__(self) -> None:
        self._known = 0
        self._more = self._fewer = 0
        """The fewest and the most people that were seen since there were more, or fewer, than are known of."""
        self._more_s: float | None = None
        self._fewer_s: float | None = None

    def begin(self, known: int) -> None:
        """Take how many people the wearer has just heard of."""
        self._known = known
        self._more_s = self._fewer_s = None

    def update(self, now: float, people: int) -> int | None:
        """Take how many people a frame shows; return how many there are once somebody has joined, or None.

        Nobody joins an empty place: `begin` says that somebody is there.
        """
        if people > self._known > 0:
            self._more = people if self._more_s is None else min(self._more, people)
            self._more_s = now if self._more_s is None else self._more_s
        else:
            self._more_s = None
        if people < self._known:
            self._fewer = people if self._fewer_s is None else max(self._fewer, people)
            self._fewer_s = now if self._fewer_s is None else self._fewer_s
        else:
            self._fewer_s = None
        return self._settled(now)

    def _settled(self, now: float) -> int | None:
        if self._fewer_s is not None and now - self._fewer_s >= LEAVE_S:
            self.begin(self._fewer)
        if self._more_s is None or now - self._more_s < JOIN_S:
            return None
        self.begin(self._more)
        return self._known
