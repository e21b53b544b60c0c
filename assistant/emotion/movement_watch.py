"""Which movements the face in front shows, from the evidence of single frames.

Evidence is averaged over time, and a movement becomes a fact when its average has been high enough for long enough. It
ends later than it began, so that noise neither ends nor begins it again.

In some faces the brows sit lower, or higher, than in others. So a frown and raised brows are measured against what is
usual for this person. A frown that goes on becomes usual within a minute, and ends.

This file does no input or output; every time is an argument, in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotion.observation import ClassifiedFace

BROWS = (Movement.FROWN, Movement.BROWS_RAISED)
"""These are measured against what is usual for a person; and only the stronger of the two can be a fact."""

AVERAGE_S = 0.4
"""The evidence is averaged over about this time."""

HOLD_S = 0.5
"""A movement must last this long to become a fact, and so must its end."""

MOUTH_HOLD_S = 1.0
"""The same for an open mouth, which somebody who speaks opens and closes again."""

ENDS_BELOW = -1.0
"""A movement begins when its evidence is at least 0, and ends when it is below this."""

USUAL_S = 20.0
"""What is usual for a person is their evidence, averaged over about this time."""

ABOVE_USUAL = 1.5
"""The evidence for a movement of the brows must be so much above what is usual, where that is more than 0."""

KNOWN_S = 2.0
"""What is usual for a person is known once they have been seen for this time."""

FORGET_S = 1.0
"""The movements of a face that was not classified for this time begin anew."""

MOST_FRAME_S = 0.25
"""A gap between two frames that is longer counts as this much time."""

MOST_EVIDENCE = 6.0
"""Evidence beyond this counts as this much, so that a single frame does not decide."""


@dataclass(frozen=True, slots=True)
class MovementChange:
    """A movement has become a fact, or has ended."""

    movement: Movement
    has_begun: bool


class Average:
    """The average of what was added over about the last `over_s` seconds."""

    def __init__(self, over_s: float) -> None:
        self._over_s = over_s
        self._lasted_s = 0.0
        self.value = 0.0

    @property
    def is_full(self) -> bool:
        """Whether it has been added to for all of its time."""
        return self._lasted_s >= self._over_s

    def add(self, value: float, for_s: float) -> None:
        """Take a value that counts for so many seconds; the first one counts until others have come."""
        self._lasted_s = min(self._lasted_s + for_s, self._over_s)
        share = for_s / self._lasted_s if self._lasted_s else 1.0
        self.value += (value - self.value) * share


class MovementWatch:
    """Follows the face in front, frame by frame, and returns which movements have become facts, and which have ended.

    Only with a model that has an output for movements are there any.
    """

    def __init__(self) -> None:
        self.held: tuple[Movement, ...] = ()
        """The movements that are facts now, in the order of `MOVEMENTS`."""
        self._person: int | None = None
        self._now: float | None = None
        self._measured_s = 0.0
        self._forget_person()

    def _forget_person(self) -> None:
        self._usual = {each: Average(USUAL_S) for each in BROWS}
        self._seen_s = 0.0
        self._forget_movements()

    def _forget_movements(self) -> None:
        self.held = ()
        self._averages = {each: Average(AVERAGE_S) for each in MOVEMENTS}
        self._turned_s: dict[Movement, float] = {}
        """For how long each movement has had evidence that it begins, or ends."""

    @property
    def shown(self) -> tuple[Movement, ...] | None:
        """What an answer names: the movements that are facts; none for a face at rest; None where that is not certain.

        A face is at rest where there is no evidence for any movement, whatever is usual for the person.
        """
        is_at_rest = all(each.is_full and each.value < 0 for each in self._averages.values())
        return self.held if self.held or is_at_rest else None

    def update(self, now: float, person: int | None, face: ClassifiedFace | None) -> list[MovementChange]:
        """Take the face in front; return what has become a fact or has ended, the ends first.

        `person` is the number of the person in front, None where nobody is. A frame that is not later than the one
        before is ignored.
        """
        if self._now is not None and now <= self._now:
            return []
        elapsed_s = 0.0 if self._now is None else min(now - self._now, MOST_FRAME_S)
        self._now = now
        before = self.held
        self._forget_others(now, person)
        if person is not None and face is not None:
            self._see(now, elapsed_s, face)
        ended = [MovementChange(each, has_begun=False) for each in before if each not in self.held]
        return ended + [MovementChange(each, has_begun=True) for each in self.held if each not in before]

    def _forget_others(self, now: float, person: int | None) -> None:
        """Begin anew with another person; begin the movements anew when the face was not classified for long."""
        if person is not None and person != self._person:
            self._person = person
            self._forget_person()
        elif now - self._measured_s >= FORGET_S:
            self._forget_movements()

    def _see(self, now: float, elapsed_s: float, face: ClassifiedFace) -> None:
        if face.movements is None:
            return
        self._measured_s = now
        self._seen_s += elapsed_s
        for movement, value in zip(MOVEMENTS, face.movements, strict=True):
            evidence = max(-MOST_EVIDENCE, min(value, MOST_EVIDENCE))
            self._averages[movement].add(evidence, elapsed_s * face.weight)
            if movement in BROWS:
                self._usual[movement].add(evidence, elapsed_s * face.weight)
        for movement, level in self._levels().items():
            self._weigh(movement, level, elapsed_s)

    def _levels(self) -> dict[Movement, float]:
        """Return the averages; of the brows above what is usual, and only of the stronger of two that may begin."""
        levels = {movement: average.value for movement, average in self._averages.items()}
        if self._seen_s < KNOWN_S:
            return levels | dict.fromkeys(BROWS, -inf)
        for movement in BROWS:
            levels[movement] -= max(0.0, self._usual[movement].value + ABOVE_USUAL)
        weaker, stronger = sorted(BROWS, key=lambda each: levels[each])
        if levels[stronger] >= 0:
            levels[weaker] = -inf
        return levels

    def _weigh(self, movement: Movement, level: float, elapsed_s: float) -> None:
        """Begin or end a movement whose evidence has said so for long enough."""
        is_held = movement in self.held
        if not (level < ENDS_BELOW if is_held else level >= 0):
            self._turned_s.pop(movement, None)
            return
        turned_s = self._turned_s[movement] = self._turned_s.get(movement, -elapsed_s) + elapsed_s
        if turned_s >= (MOUTH_HOLD_S if movement is Movement.MOUTH_OPEN else HOLD_S):
            del self._turned_s[movement]
            self.held = tuple(each for each in MOVEMENTS if (each in self.held) is not (each is movement))
