"""Which sound leads to a face, by where the face is in the frame. `drivers.guide_waves` makes sound of it.

The sound is pulses. Their side is the side of the face, their pitch its height, and they come faster the nearer the
face is to the middle. Nobody has tried with blind people how well these angles and times lead.

This file does no input or output.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.face.position import Placement

MIDDLE_DEG, MIDDLE_UNTIL_DEG = 6.0, 10.0
"""A face is in the middle from the first angle on, until its angle is larger than the second: less than `AHEAD_DEG`."""

LEVEL_DEG, LEVEL_UNTIL_DEG = 8.0, 12.0
"""The same for its height: a face that is a little high or low is seen well."""

SIDE_DEG = 25.0
"""A face this far to a side is heard on that side alone; most cameras see little farther."""

OCTAVE_DEG = 20.0
"""A face this far above or below the middle is heard an octave higher or lower; it is heard no higher or lower."""

LEVEL_HZ = 440.0

FASTEST_S, SLOWEST_S = 0.25, 0.8
"""The time from one pulse to the next: beside the middle, and far from it."""

PULSE_S, LONG_S, SHORT_S = 0.06, 0.15, 0.05
"""How long a pulse lasts; where only one ear hears, a long one stands for left and two short ones for right."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Pulses that are repeated until another cue comes."""

    pan: float
    """Where it is heard, from -1, the left ear alone, to 1, the right ear alone."""
    frequency_hz: float
    period_s: float
    """The time from the beginning of one repetition to that of the next."""
    pulses_s: tuple[float, ...] = (PULSE_S,)
    """How long each pulse of a repetition lasts; `gap_s` lies between two."""
    gap_s: float = SHORT_S
    level: float = 1.0
    """The loudness, as a share of that of a tone."""


NOBODY = Cue(pan=0.0, frequency_hz=1800.0, period_s=1.5, pulses_s=(0.012,), level=0.5)
"""A slow, short tick: the sound looks for a face, and sees none."""


def is_in_the_middle(place: Placement, *, was: bool, height: bool = True) -> bool:
    """Return whether a face is in the middle; one that `was` there may be a little farther off."""
    side_deg, level_deg = (MIDDLE_UNTIL_DEG, LEVEL_UNTIL_DEG) if was else (MIDDLE_DEG, LEVEL_DEG)
    return abs(place.right_deg) <= side_deg and (not height or abs(place.up_deg) <= level_deg)


def cue_for(place: Placement, *, stereo: bool = True, height: bool = True) -> Cue:
    """Return the sound that leads to a face that is not in the middle."""
    pan = _bounded(place.right_deg / SIDE_DEG)
    up = _bounded(place.up_deg / OCTAVE_DEG) if height else 0.0
    period_s = FASTEST_S + (SLOWEST_S - FASTEST_S) * max(abs(pan), abs(up))
    frequency_hz = LEVEL_HZ * 2**up
    if stereo:
        return Cue(pan, frequency_hz, period_s)
    return Cue(0.0, frequency_hz, period_s, _pulses(place.right_deg))


def _pulses(right_deg: float) -> tuple[float, ...]:
    """Return the pulses that stand for the side of the face."""
    if abs(right_deg) <= MIDDLE_DEG:
        return (PULSE_S,)
    return (SHORT_S, SHORT_S) if right_deg > 0 else (LONG_S,)


def _bounded(share: float) -> float:
    return min(1.0, max(-1.0, share))
