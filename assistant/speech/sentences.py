"""Sentences put together from a fixed set of phrases, by their keys: who, where, how near, where and how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.emotion.movements import Movement
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import Emotion
from assistant.face.attention import Attention
from assistant.face.nods import HeadGesture
from assistant.face.position import Placement
from assistant.face.reject_reason import RejectReason
from assistant.speech.announcement import PhraseKeys


class Wording(StrEnum):
    """How surely an emotion is said: not at all, with a maybe, or plainly."""

    OFF = "off"
    HEDGED = "hedged"
    PLAIN = "plain"


FARTHEST_M = (("half", 0.75), ("one", 1.25), ("one_and_half", 1.75), ("two", 2.4))
"""Each phrase is said up to this distance. The steps are half a metre, because heads differ in size by a tenth."""

INTRODUCTION = ("introduction.does", "introduction.keeps")
"""What the headset says of itself to the people in front: what it does, and that it keeps nothing."""

LARGEST_LINE = 100
"""A line of the card's settings with a larger number is not said, as only numbers up to 100 are rendered in advance."""

MOST_LINES = 3
"""At most this many lines are said."""

_PEOPLE = {2: "two_people", 3: "three_people"}

_REASONS = {
    reason: "unsure" if reason is RejectReason.NOT_A_FACE else str(reason.name).lower() for reason in RejectReason
}


def looks(emotion: Emotion, wording: Wording) -> str:
    """Return the phrase for how a person looks."""
    return f"{wording}.{emotion}"


def reject_phrase(face: ClassifiedFace) -> str | None:
    """Return the phrase for why this face was not classified, or None when it was."""
    return None if face.reason is None else _REASONS[face.reason]


def who(observation: Observation) -> PhraseKeys:
    """Return the phrase for how many people are there."""
    if observation.people <= 1:
        return ("someone",)
    return (_PEOPLE.get(observation.people, "many_people"),)


def placed(observation: Observation) -> PhraseKeys:
    """Return on which side the primary face is, and how near; nothing when that is not known."""
    place = observation.placement
    return () if place is None else (f"direction.{place.direction}", f"distance.{_distance(place)}")


def attending(attention: Attention) -> PhraseKeys:
    """Return the phrase for where a person looks; nothing when that is not known."""
    return () if attention is Attention.UNKNOWN else (f"attention.{attention}",)


def head_phrase(gesture: HeadGesture) -> str:
    """Return the phrase for what a person says with their head."""
    return f"head.{gesture}"


def showing(movements: tuple[Movement, ...] | None) -> PhraseKeys:
    """Return the phrases for the movements of a face; one for a face at rest, and one where that is not certain."""
    if movements is None:
        return ("unsure",)
    return tuple(f"movement.{movement}" for movement in movements) or ("movement.none",)


def _distance(place: Placement) -> str:
    return next((name for name, farthest_m in FARTHEST_M if place.distance_m < farthest_m), "far")


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the headset, which the wearer can ask for."""

    running_s: float
    mode: str
    muted: bool
    pictures_a_second: float
    temperature_c: float | None
    voltage_is_low: bool | None
    faults: PhraseKeys
    battery_percent: float | None = None
    battery_is_charging: bool | None = None
    is_watched: bool = False
    """Whether somebody looks through the camera on the page."""
    nods: str = "off"
    """Whether nods are looked for: `off` by the settings, `on`, or `too few frames` in the last seconds."""

    def parts(self) -> PhraseKeys:
        """Return the phrases that say the status: the faults first, then what the wearer may act on."""
        return (
            *(self.faults or ("status.no_faults",)),
            f"mode.{'muted' if self.muted else self.mode}",
            *(("watched",) if self.is_watched else ()),
            *self._battery(),
            "status.running",
            *_duration(self.running_s),
            "status.camera",
            number(self.pictures_a_second),
            "status.pictures_a_second",
            *self._machine(),
        )

    def _machine(self) -> PhraseKeys:
        heat = (
            () if self.temperature_c is None else ("status.temperature", number(self.temperature_c), "status.degrees")
        )
        return (*heat, "status.voltage_good") if self.voltage_is_low is False else heat

    def _battery(self) -> PhraseKeys:
        if self.battery_percent is None:
            return ()
        return (*battery_at(self.battery_percent), *(("status.charging",) if self.battery_is_charging else ()))


def battery_at(percent: float) -> PhraseKeys:
    """Return the phrases that say how full the battery is."""
    return ("status.battery", number(percent), "status.percent")


def card_wrong(lines: Sequence[int]) -> PhraseKeys:
    """Return the phrases that say that settings on the card are wrong, with the first of these lines that are known."""
    known = sorted({line for line in lines if 0 < line <= LARGEST_LINE})[:MOST_LINES]
    return ("card_wrong", *(key for line in known for key in ("card_line", number(line))))


def number(value: float) -> str:
    """Return the key that says a number, rounded to a whole number of at least 0."""
    return f"number.{max(0, round(value))}"


def _duration(seconds: float) -> PhraseKeys:
    hours, minutes = divmod(int(seconds) // 60, 60)
    whole = (number(hours), "status.hours") if hours else ()
    return (*whole, number(minutes), "status.minutes")
