"""What is worth saying of what has become a fact: pure, with the time as an argument, in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.controls.commands import Mode
from assistant.emotion.debounce import Change, EmotionSettled, FaceAppeared, FaceLost
from assistant.emotion.model_card import OutputCard
from assistant.emotion.observation import Observation
from assistant.emotions import Emotion
from assistant.setting import setting
from assistant.speech.announcement import Announcement, PhraseKeys, Priority
from assistant.speech.sentences import PLAIN_FROM, Wording, looks, placed, reject_phrase, who
from assistant.speech.tones import Tone


class Choice(StrEnum):
    """How an emotion is spoken of, as the settings have it."""

    AUTO = "auto"
    OFF = "off"
    HEDGED = "hedged"
    PLAIN = "plain"


def _wording(emotion: Emotion, default: Choice = Choice.AUTO) -> Any:
    what = f"How {emotion} is said; auto: as surely as the model's card allows"
    return setting(str(default), what, choices=tuple(str(choice) for choice in Choice))


@dataclass(frozen=True, slots=True)
class AnnouncerSettings:
    """What is said."""

    mode: str = setting(
        "changes",
        "What is said unasked: changes of emotion, nothing but faults, or presence and places too",
        choices=tuple(str(mode) for mode in Mode),
    )
    angry: str = _wording(Emotion.ANGRY)
    disgust: str = _wording(Emotion.DISGUST)
    fear: str = _wording(Emotion.FEAR)
    happy: str = _wording(Emotion.HAPPY)
    sad: str = _wording(Emotion.SAD)
    surprise: str = _wording(Emotion.SURPRISE)
    neutral: str = _wording(Emotion.NEUTRAL, Choice.OFF)
    presence: bool = setting(False, "Whether it is said in every mode but `ask` when someone comes or leaves")
    repeat_s: float = setting(
        30.0,
        "The same is not said unasked again within this time, unless something else of its kind was said in between",
        unit="seconds",
        high=3600,
    )


def card_wordings(output: OutputCard) -> dict[Emotion, Wording]:
    """How surely each emotion may be spoken of, by the thresholds of the output that the headset speaks from.

    Plain where moderate scores are right often enough, hedged where only high ones are, off where none is. A model
    that was never calibrated is hedged throughout.
    """
    if not output.thresholds:
        return dict.fromkeys(Emotion, Wording.HEDGED)
    limits = {emotion: output.thresholds[str(emotion)] for emotion in Emotion}
    return {
        emotion: Wording.OFF if limit is None else Wording.PLAIN if limit <= PLAIN_FROM else Wording.HEDGED
        for emotion, limit in limits.items()
    }


class Announcer:
    """Turns facts into announcements."""

    def __init__(
        self, settings: AnnouncerSettings = AnnouncerSettings(), by_card: Mapping[Emotion, Wording] | None = None
    ) -> None:
        """`by_card` says how the emotions are spoken of that the settings leave to the model's card."""
        self.mode = Mode(settings.mode)
        self._settings = settings
        self._by_card = by_card or dict.fromkeys(Emotion, Wording.HEDGED)
        self._said: dict[Priority, tuple[object, float]] = {}
        """Of each priority what was said last, and when."""

    def update_settings(self, settings: AnnouncerSettings) -> None:
        """Other settings, from now on; the mode, which the wearer may have changed, stays if they leave it."""
        if settings.mode != self._settings.mode:
            self.mode = Mode(settings.mode)
        self._settings = settings

    def wording(self, emotion: Emotion) -> Wording:
        """How this emotion is said."""
        choice = getattr(self._settings, emotion)
        return self._by_card[emotion] if choice == Choice.AUTO else Wording(choice)

    def announcement_for(self, change: Change, observation: Observation, now: float) -> Announcement | None:
        """What to say of a change in what is seen, if anything."""
        if self.mode is Mode.ASK:
            return None
        match change:
            case EmotionSettled():
                return self._emotion(change.emotion, observation, now)
            case FaceAppeared():
                return self._presence(self._arrival(observation), Tone.FOUND, now)
            case FaceLost() if not observation.people:
                return self._presence(("gone",), Tone.LOST, now)
        return None

    def on_started(self, announcement: Announcement, now: float) -> None:
        """It begins to sound: only what was heard counts as said."""
        if announcement.parts:
            self._said[announcement.priority] = announcement.topic, now

    def answer(self, observation: Observation | None, stable: Emotion | None) -> Announcement:
        """What to say to a press, which is always answered: who is there, where, how near, and how they look."""
        if observation is None:
            return Announcement(("no_picture",), Priority.ANSWER)
        if observation.face is None:
            return Announcement(("nobody",), Priority.ANSWER)
        reason = reject_phrase(observation.face)
        return Announcement((*who(observation), *placed(observation), *self._how(reason, stable)), Priority.ANSWER)

    def _how(self, reason: str | None, stable: Emotion | None) -> PhraseKeys:
        if reason is not None:
            return (reason,)
        if stable is None:
            return ("unsure",)
        # Asked for, an emotion is told even where it is never told unasked, but then in doubt.
        plain = self.wording(stable) is Wording.PLAIN or stable is Emotion.NEUTRAL
        return (looks(stable, Wording.PLAIN if plain else Wording.HEDGED),)

    def _tells_presence(self) -> bool:
        return self._settings.presence or self.mode is Mode.FULL

    def _arrival(self, observation: Observation) -> PhraseKeys:
        return (*who(observation), *placed(observation)) if self.mode is Mode.FULL else ("arrived",)

    def _presence(self, parts: PhraseKeys, tone: Tone, now: float) -> Announcement:
        """In words, or by the tone alone, which cuts nothing off."""
        told = Announcement(parts, Priority.PRESENCE, tone=tone)
        if self._tells_presence() and not self._is_repeated(told, now):
            return told
        return Announcement((), Priority.EMOTION, "tone", tone=tone)

    def _is_repeated(self, announcement: Announcement, now: float) -> bool:
        topic, said_s = self._said.get(announcement.priority, (None, float("-inf")))
        return topic == announcement.topic and now - said_s < self._settings.repeat_s

    def _emotion(self, emotion: Emotion, observation: Observation, now: float) -> Announcement | None:
        wording = self.wording(emotion)
        if wording is Wording.OFF:
            return None
        where = placed(observation) if self.mode is Mode.FULL else ()
        parts = (looks(emotion, wording), *where)
        told = Announcement(parts, Priority.EMOTION, emotion=emotion, tone=Tone(str(emotion)))
        return None if self._is_repeated(told, now) else told
