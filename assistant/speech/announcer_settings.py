"""The section `[announce]` of the settings: what the headset says, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.controls.commands import Mode
from assistant.emotions import Emotion
from assistant.setting import setting


class Choice(StrEnum):
    """How the settings word an emotion; `auto` leaves it to the evidence."""

    AUTO = "auto"
    OFF = "off"
    HEDGED = "hedged"
    PLAIN = "plain"


class AttentionChoice(StrEnum):
    """How the settings say unasked that somebody looks at the wearer."""

    OFF = "off"
    TONE = "tone"
    WORDS = "words"


class Words(StrEnum):
    """What is said of the face in front: how it looks, or which movements it shows."""

    LOOKS = "looks"
    MOVEMENTS = "movements"


def _wording(emotion: Emotion, default: Choice = Choice.AUTO) -> Any:
    what = (
        f"How {emotion} is said: plainly (plain), with a maybe (hedged), only when asked (off), "
        "or as surely as the evidence allows (auto)"
    )
    return setting(str(default), what, choices=tuple(str(choice) for choice in Choice))


@dataclass(frozen=True, slots=True)
class AnnouncerSettings:
    """What the headset says, and how surely."""

    mode: str = setting(
        "changes",
        "What is said unasked: changes of emotion (changes), only faults (ask), or also who comes and where (full)",
        choices=tuple(str(mode) for mode in Mode),
    )
    words: str = setting(
        "looks",
        "What is said of the face in front: how it looks (looks), such as 'looks happy', or only which movements are "
        "seen (movements): 'smiles', 'frowns', 'raises their brows', 'mouth open'; it has no effect with a model that "
        "has no output for movements",
        choices=tuple(str(words) for words in Words),
    )
    angry: str = _wording(Emotion.ANGRY)
    disgust: str = _wording(Emotion.DISGUST)
    fear: str = _wording(Emotion.FEAR)
    happy: str = _wording(Emotion.HAPPY)
    sad: str = _wording(Emotion.SAD)
    surprise: str = _wording(Emotion.SURPRISE)
    neutral: str = _wording(Emotion.NEUTRAL, Choice.OFF)
    presence: bool = setting(
        False,
        "Whether the mode `changes` says that someone comes, joins others or leaves; the mode `full` always says it",
    )
    attention: str = setting(
        "off",
        "How it is said unasked that the person in front begins to look at the wearer: not at all (off), by a short "
        "tone of its own, even where voice.tones is false (tone), or in words (words), in the mode `full` also that "
        "the person looks aside",
        choices=tuple(str(choice) for choice in AttentionChoice),
    )
    nods: bool = setting(
        False,
        "Whether it is said unasked that the person in front nods or shakes their head; this needs ten frames a second "
        "and more power",
    )
    repeat_s: float = setting(
        30.0,
        "The same emotion, movement, look, arrival or departure is not said again unasked within this time, unless "
        "another of its kind was said in between; a larger value repeats less",
        unit="seconds",
        high=3600,
    )
