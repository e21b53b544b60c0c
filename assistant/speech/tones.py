"""The short tones that sound before words or alone, and their notes; `drivers.tone_waves` makes sound of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a tone stands for; the tone of an emotion has the emotion's name."""

    FOUND = "found"
    LOST = "lost"
    FAULT = "fault"
    WAIT = "wait"
    AT_YOU = "at_you"
    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"
    MOUTH_OPEN = "mouth_open"


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a tone: a sine wave."""

    frequency_hz: float
    length_s: float


NOTES: Mapping[Tone, tuple[Note, ...]] = {
    Tone.FOUND: (Note(523.25, 0.07), Note(783.99, 0.09)),
    Tone.LOST: (Note(783.99, 0.07), Note(523.25, 0.09)),
    Tone.FAULT: (Note(220.0, 0.12), Note(220.0, 0.12), Note(220.0, 0.12)),
    Tone.WAIT: (Note(330.0, 0.05),),
    Tone.AT_YOU: (Note(659.26, 0.05), Note(659.26, 0.05)),
    Tone.ANGRY: (Note(196.0, 0.08), Note(207.65, 0.08), Note(196.0, 0.08)),
    Tone.DISGUST: (Note(311.13, 0.10), Note(220.0, 0.14)),
    Tone.FEAR: (Note(932.33, 0.05), Note(880.0, 0.05), Note(932.33, 0.05), Note(880.0, 0.05)),
    Tone.HAPPY: (Note(523.25, 0.06), Note(659.26, 0.06), Note(783.99, 0.10)),
    Tone.SAD: (Note(440.0, 0.12), Note(349.23, 0.18)),
    Tone.SURPRISE: (Note(392.0, 0.05), Note(1046.5, 0.14)),
    Tone.NEUTRAL: (Note(440.0, 0.12),),
    Tone.MOUTH_OPEN: (Note(293.66, 0.06), Note(440.0, 0.06), Note(293.66, 0.10)),
}
"""Tones rise for what is pleasant, fall for what is sad, and are low for what is wrong; none lasts 0.4 seconds."""
