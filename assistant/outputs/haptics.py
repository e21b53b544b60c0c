"""What the wearer feels: a rhythm for each thing that is found, on the motor of its side.

This file does no input or output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

SHORT_S, LONG_S, PAUSE_S = 0.15, 0.5, 0.15
"""A small motor needs some 0.05 to 0.1 seconds to start; a long pulse is felt as another thing than a short one."""

SIDES = ("left", "ahead", "right")
"""The sides on which somebody can be, by the names that the directions have."""

RHYTHMS: Mapping[str, str] = {
    "found": ".",
    "lost": "-",
    "at_you": "..-",
    "happy": "..",
    "surprise": "...",
    "sad": "--",
    "angry": "-.",
    "fear": "....",
    "disgust": ".-",
    "neutral": ".-.",
    "mouth_open": "-..",
}
"""The rhythm of each thing, by the name of its tone: a dot is a short pulse, a line is a long one."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The motors of one side vibrate for some seconds, then rest."""

    on_s: float
    rest_s: float = PAUSE_S


class Haptics(Protocol):
    """The port for what the wearer feels."""

    def feel(self, name: str, side: str) -> None:
        """Begin the rhythm of `name` on a side, without waiting; nothing happens for a name without a rhythm."""

    def close(self) -> None:
        """Stop every motor. A second call does nothing."""


class NoHaptics:
    """There is no motor."""

    def feel(self, name: str, side: str) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def pulses(name: str) -> Sequence[Pulse]:
    """Return the pulses of a thing; none for a name without a rhythm."""
    return [Pulse(SHORT_S if sign == "." else LONG_S) for sign in RHYTHMS.get(name, "")]


def nearest_side(side: str, motors: Sequence[str]) -> str:
    """Return the motor for a side among those that there are; it may be farther off where the nearest is missing."""
    return min(motors, key=lambda each: abs(SIDES.index(each) - SIDES.index(side)))
