"""Decides which changes are announced, and whether plainly or with "maybe".

This file does no input or output; every time is an argument, in seconds of the loop's clock.
"""

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
    """How the settings word an emotion; `auto` leaves it to the model's card."""

    AUTO = "auto"
    OFF = "off"
    HEDGED = "hedged"
    PLAIN = "plain"


def _wording(emotion: Emotion, default: Choice = Choice.AUTO) -> Any:
    what = (
        f"How {emotion} is said: plainly (plain), with a maybe (hedged), only when asked (off), "
        "or as surely as the model's card allows (auto)"
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
    angry: str = _wording(Emotion.ANGRY)
    disgust: str = _wording(Emotion.DISGUST)
    fear: str = _wording(Emotion.FEAR)
    happy: str = _wording(Emotion.HAPPY)
    sad: str = _wording(Emotion.SAD)
    surprise: str = _wording(Emotion.SURPRISE)
    neutral: str = _wording(Emotion.NEUTRAL, Choice.OFF)
    presence: bool = setting(
        False, "Whether the mode `changes` says that someone comes or leaves; the mode `full` always says it"
    )
    repeat_s: float = setting(
        30.0,
        "The same emotion, arrival or departure is not said again unasked within this time, unless another of its kind "
        "was said in between; a larger value repeats less",
        unit="seconds",
        high=3600,
    )


def card_wordings(output: OutputCard) -> dict[Emotion, Wording]:
    """Return how surely each emotion may be said, by the thresholds of the output that the headset speaks from.

    An emotion is plain when its threshold is at most `PLAIN_FROM`, hedged when the threshold is higher, and off when it
    has none. Every emotion of a model that was never calibrated is hedged.
    """
    if not output.thresholds:
        return dict.fromkeys(Emotion, Wording.HEDGED)
    limits = {emotion: output.thresholds[str(emotion)] for emotion in Emotion}
    return {
        emotion: Wording.OFF if limit is None else Wording.PLAIN if limit <= PLAIN_FROM else Wording.HEDGED
        for emotion, limit in limits.items()
    }


class Announcer:
    """Turns changes and questions into announcements, and remembers what was said last."""

    def __init__(
        self, settings: AnnouncerSettings = AnnouncerSettings(), by_card: Mapping[Emotion, Wording] | None = None
    ) -> None:
        """Begin in the mode of the settings; `by_card` words the emotions that are set to `auto`."""
        self.mode = Mode(settings.mode)
        self._settings = settings
        self._by_card = by_card or dict.fromkeys(Emotion, Wording.HEDGED)
        self._said: dict[Priority, tuple[object, float]] = {}
        """The topic that was said last, and when, for each priority."""

    def update_settings(self, settings: AnnouncerSettings) -> None:
        """Use other settings from now on; the mode, which the wearer may have changed, follows only a new value."""
        if settings.mode != self._settings.mode:
            self.mode = Mode(settings.mode)
        self._settings = settings

    def wording(self, emotion: Emotion) -> Wording:
        """Return how this emotion is said unasked."""
        choice = getattr(self._settings, emotion)
        return self._by_card[emotion] if choice == Choice.AUTO else Wording(choice)

    def announcement_for(self, change: Change, observation: Observation, now: float) -> Announcement | None:
        """Return what to say about a change, or None."""
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
        """Note that an announcement begins to sound; an announcement that was dropped does not count as said."""
        if announcement.parts:
            self._said[announcement.priority] = announcement.topic, now

    def answer(self, observation: Observation | None, stable: Emotion | None) -> Announcement:
        """Return the answer to a press: who is there, where, how near, and how they look.

        `observation` is None when there is no picture, `stable` when the emotion has not settled.
        """
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
        # An answer names every emotion, but one that is never said unasked is put in doubt.
        plain = self.wording(stable) is Wording.PLAIN or stable is Emotion.NEUTRAL
        return (looks(stable, Wording.PLAIN if plain else Wording.HEDGED),)

    def _says_presence(self) -> bool:
        return self._settings.presence or self.mode is Mode.FULL

    def _arrival(self, observation: Observation) -> PhraseKeys:
        return (*who(observation), *placed(observation)) if self.mode is Mode.FULL else ("arrived",)

    def _presence(self, parts: PhraseKeys, tone: Tone, now: float) -> Announcement:
        """Return the announcement in words, or its tone alone, which cuts nothing off."""
        announcement = Announcement(parts, Priority.PRESENCE, tone=tone)
        if self._says_presence() and not self._is_repeated(announcement, now):
            return announcement
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
        announcement = Announcement(parts, Priority.EMOTION, emotion=emotion, tone=Tone(str(emotion)))
        return None if self._is_repeated(announcement, now) else announcement
