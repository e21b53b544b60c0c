"""What is worth saying of what has become a fact: pure, with the time as an argument, in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from assistant.debounce import Change, EmotionSettled, FaceAppeared, FaceLost
from assistant.emotions import Emotion
from assistant.ports import Observation
from assistant.quality import Reason
from assistant.setting import setting


class Priority(IntEnum):
    """Who may cut off whom: a higher one a lower one."""

    EMOTION = 0
    PRESENCE = 1
    ANSWER = 2
    FAULT = 3


class Wording(StrEnum):
    """How an emotion is spoken of."""

    OFF = "off"
    HEDGED = "hedged"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to say, by the key of its phrase."""

    phrase: str
    priority: Priority
    emotion: Emotion | None = None
    """The emotion that it tells unasked."""


def _wording(emotion: Emotion, default: Wording) -> Any:
    return setting(str(default), f"How {emotion} is said", choices=tuple(str(wording) for wording in Wording))


@dataclass(frozen=True, slots=True)
class AnnouncerSettings:
    """What is said.

    By default plain where classifiers of FER-2013 are mostly right, off where they are mostly wrong, and neutral
    silent.
    """

    angry: str = _wording(Emotion.ANGRY, Wording.HEDGED)
    disgust: str = _wording(Emotion.DISGUST, Wording.OFF)
    fear: str = _wording(Emotion.FEAR, Wording.OFF)
    happy: str = _wording(Emotion.HAPPY, Wording.PLAIN)
    sad: str = _wording(Emotion.SAD, Wording.HEDGED)
    surprise: str = _wording(Emotion.SURPRISE, Wording.PLAIN)
    neutral: str = _wording(Emotion.NEUTRAL, Wording.OFF)
    presence: bool = setting(False, "Whether it is said when someone comes or leaves")
    repeat_s: float = setting(
        30.0,
        "The same emotion is not said again within this time, unless another was said in between",
        unit="seconds",
        high=3600,
    )

    def wording(self, emotion: Emotion) -> Wording:
        """How this emotion is said."""
        return Wording(getattr(self, emotion))


class Announcer:
    """Turns facts into announcements."""

    def __init__(self, settings: AnnouncerSettings = AnnouncerSettings()) -> None:
        self._settings = settings
        self._said: Emotion | None = None
        self._said_s = float("-inf")

    def consider(self, change: Change, now: float) -> Announcement | None:
        """What to say of a change, if anything."""
        match change:
            case EmotionSettled():
                return self._emotion(change.emotion, now)
            case FaceAppeared() if self._settings.presence:
                return Announcement("someone", Priority.PRESENCE)
            case FaceLost() if self._settings.presence:
                return Announcement("gone", Priority.PRESENCE)
        return None

    def begun(self, announcement: Announcement, now: float) -> None:
        """It begins to sound: only what was heard counts as said."""
        if announcement.emotion is not None:
            self._said, self._said_s = announcement.emotion, now

    def answer(self, observation: Observation | None, stable: Emotion | None) -> Announcement:
        """What to say to a press of the button, which is always answered."""
        if observation is None:
            return Announcement("no_picture", Priority.ANSWER)
        if observation.face is None:
            return Announcement("nobody", Priority.ANSWER)
        if observation.face.reason is not None:
            return Announcement(_REASON_PHRASES[observation.face.reason], Priority.ANSWER)
        if stable is None:
            return Announcement("unsure", Priority.ANSWER)
        wording = self._settings.wording(stable)
        plain = wording is Wording.PLAIN or stable is Emotion.NEUTRAL
        return Announcement(f"{Wording.PLAIN if plain else Wording.HEDGED}.{stable}", Priority.ANSWER)

    def _emotion(self, emotion: Emotion, now: float) -> Announcement | None:
        wording = self._settings.wording(emotion)
        repeated = emotion is self._said and now - self._said_s < self._settings.repeat_s
        if wording is Wording.OFF or repeated:
            return None
        return Announcement(f"{wording}.{emotion}", Priority.EMOTION, emotion)


_REASON_PHRASES = {
    Reason.TOO_SMALL: "too_small",
    Reason.TOO_DARK: "too_dark",
    Reason.TOO_BRIGHT: "too_bright",
    Reason.TOO_FLAT: "too_flat",
    Reason.BLURRED: "blurred",
    Reason.TURNED_AWAY: "turned_away",
    Reason.NOT_A_FACE: "unsure",
}
