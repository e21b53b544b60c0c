"""Whether the person in front nods or shakes their head, from how their head moves from frame to frame.

A nod is a movement down and up that is repeated at once; a shake is one to both sides. The movement is followed along
both axes, and split into swings: from one turning point to the next. Four swings in a row that are large enough, quick
enough and about equally large are a gesture, unless the head moves as much along the other axis.

This file does no input or output; every time is an argument, in seconds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from statistics import linear_regression

LEAST_FPS = 10.0
"""With fewer frames a second, a quick nod has too few of them to be seen."""

MOST_GAP_S = 1.5 / LEAST_FPS
"""Two frames that are farther apart interrupt a gesture: between them a head may have turned back."""

SWINGS = 4
"""A gesture has at least this many swings: two nods, or twice to both sides."""

LEAST_SWING, MOST_SWING = 0.04, 0.6
"""A swing has at least and at most this size, in widths of the face; a nod of ten degrees has about 0.09."""

QUICKEST_S, SLOWEST_S = 0.08, 0.6
"""A swing lasts at least and at most this long."""

UNEQUAL = 3.0
"""The largest swing of a gesture is at most this many times as large as its smallest."""

ASIDE = 0.5
"""Along the other axis, a head wiggles by at most this share of the mean swing."""

CALM_S = 1.0
"""A gesture is over when no swing has ended for this time; one that goes on is not reported again."""


@dataclass(frozen=True, slots=True)
class HeadMotion:
    """How far a head has moved since the frame before, in widths of its face."""

    right: float
    down: float
    elapsed_s: float


class HeadGesture(StrEnum):
    """What a person says with their head."""

    NOD = "nod"
    SHAKE = "shake"


@dataclass(frozen=True, slots=True)
class Swing:
    """A movement from one turning point to the next."""

    size: float
    """In widths of the face, always positive."""
    begin_s: float
    end_s: float


class Axis:
    """Splits the movement along one axis into swings."""

    def __init__(self) -> None:
        self._place = self._turned_at = self._farthest = 0.0
        self._turned_s = self._farthest_s = 0.0
        self._direction = 0
        self._track: deque[tuple[float, float]] = deque()
        self.swings: deque[Swing] = deque(maxlen=SWINGS - 1)

    def move(self, now: float, moved: float) -> None:
        """Take a movement that has ended at this time."""
        if not self._track:
            self._turned_s = self._farthest_s = now
        self._place += moved
        self._track.append((now, self._place))
        while now - self._track[0][0] > SWINGS * SLOWEST_S:
            self._track.popleft()
        beyond = self._place - self._farthest
        if beyond * self._direction >= 0 and self._direction:
            self._farthest, self._farthest_s = self._place, now
        elif abs(beyond) >= LEAST_SWING:
            self._turn(now, 1 if beyond > 0 else -1)

    def _turn(self, now: float, direction: int) -> None:
        """End the swing at its farthest place, and begin another one there."""
        if self._direction:
            self.swings.append(self.current())
        self._turned_at, self._turned_s = self._farthest, self._farthest_s
        self._direction, self._farthest, self._farthest_s = direction, self._place, now

    def current(self) -> Swing:
        """Return the swing that goes on, as far as it has come."""
        return Swing(abs(self._farthest - self._turned_at), self._turned_s, self._farthest_s)

    def wiggle(self, since_s: float) -> float:
        """Return how far the head went to and fro since this time, in widths of the face, beside a steady movement.

        The steady movement is the straight line that fits best.
        """
        track = [(at_s, place) for at_s, place in self._track if at_s >= since_s]
        if len(track) < 2:
            return 0.0
        times, places = zip(*track, strict=True)
        line = linear_regression(times, places)
        rest = [place - line.slope * at_s for at_s, place in track]
        return max(rest) - min(rest)


def is_gesture(swings: list[Swing], wiggle: float) -> bool:
    """Return whether so many swings along one axis are a gesture, when the head wiggles so along the other axis."""
    sizes = [swing.size for swing in swings]
    if min(sizes) < LEAST_SWING or max(sizes) > min(MOST_SWING, UNEQUAL * min(sizes)):
        return False
    if not all(QUICKEST_S <= swing.end_s - swing.begin_s <= SLOWEST_S for swing in swings):
        return False
    return wiggle <= ASIDE * sum(sizes) / len(sizes)


class NodWatch:
    """Follows the head of the person in front, frame by frame, and returns what they say with it."""

    def __init__(self) -> None:
        self._person: int | None = None
        self._calm()

    def _calm(self) -> None:
        self._across, self._down = Axis(), Axis()
        self._reported_s = float("-inf")

    def update(self, now: float, person: int | None, motion: HeadMotion | None) -> HeadGesture | None:
        """Take how the head in front has moved since the frame before; return a gesture when it is one.

        `person` is the number of the person in front, None where nobody is; `motion` is None where it was not measured.
        """
        if person != self._person or motion is None or motion.elapsed_s > MOST_GAP_S:
            self._person = person
            self._calm()
            return None
        self._across.move(now, motion.right)
        self._down.move(now, motion.down)
        gesture = self._gesture()
        if gesture is None:
            return None
        is_new = now - self._reported_s > CALM_S
        self._reported_s = now
        return gesture if is_new else None

    def _gesture(self) -> HeadGesture | None:
        for gesture, own, other in (
            (HeadGesture.NOD, self._down, self._across),
            (HeadGesture.SHAKE, self._across, self._down),
        ):
            swings = [*own.swings, own.current()]
            if len(swings) == SWINGS and is_gesture(swings, other.wiggle(swings[0].begin_s)):
                return gesture
        return None
