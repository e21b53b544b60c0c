"""Decides which changes are announced, and whether plainly or with "maybe".

This file does no input or output; every time is an argument, in seconds of the loop's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.controls.commands import Mode
from assistant.emotion.debouncing.debounce import Change, EmotionSettled, FaceAppeared, FaceLost, Impression
from assistant.emotion.observation import Observation
from assistant.emotions import Emotion
from assistant.face.attention import Attention
from assistant.face.nods import HeadGesture
from assistant.setting import setting
from assistant.speech.announcement import Announcement, PhraseKeys, Priority
from assistant.speech.sentences import Wording, attending, head_phrase, looks, placed, reject_phrase, who
from assistant.speech.tones import Tone


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
        "The same emotion, look, arrival or departure is not said again unasked within this time, unless another of "
        "its kind was said in between; a larger value repeats less",
        unit="seconds",
        high=3600,
    )


class Announcer:
    """Turns changes and questions into announcements, and remembers what was said last."""

    def __init__(self, settings: AnnouncerSettings = AnnouncerSettings()) -> None:
        """Begin in the mode of the settings."""
        self.mode = Mode(settings.mode)
        self._settings = settings
        self._said: dict[Priority, tuple[object, float]] = {}
        """The topic that was said last, and when, for each priority."""

    def update_settings(self, settings: AnnouncerSettings) -> None:
        """Use other settings from now on; the mode, which the wearer may have changed, follows only a new value."""
        if settings.mode != self._settings.mode:
            self.mode = Mode(settings.mode)
        self._settings = settings

    def wording(self, emotion: Emotion, *, is_sure: bool) -> Wording:
        """Return how this emotion is said unasked; `is_sure` says whether the evidence is enough to say it plainly."""
        choice = getattr(self._settings, emotion)
        if choice == Choice.AUTO:
            return Wording.PLAIN if is_sure else Wording.HEDGED
        return Wording(choice)

    def announcement_for(self, change: Change | Attention, observation: Observation, now: float) -> Announcement | None:
        """Return what to say about a change, or None."""
        if self.mode is Mode.ASK:
            return None
        match change:
            case EmotionSettled():
                return self._emotion(change, observation, now)
            case FaceAppeared():
                return self._presence(self._arrival(observation), Tone.FOUND, now)
            case FaceLost() if not observation.people:
                return self._presence(("gone",), Tone.LOST, now)
            case Attention():
                return self._attention(change, now)
        return None

    def announcement_of_head(self, gesture: HeadGesture) -> Announcement | None:
        """Return what to say about a nod or a shake of the head, or None."""
        if self.mode is Mode.ASK or not self._settings.nods:
            return None
        return Announcement((head_phrase(gesture),), Priority.HEAD)

    def people_in_arrival(self, observation: Observation) -> int:
        """Return of how many people the wearer hears when somebody appears; only the mode `full` counts them."""
        return max(1, observation.people) if self.mode is Mode.FULL else 1

    def announcement_of_company(self, people: int, now: float) -> Announcement | None:
        """Return what to say when somebody has joined those who are there, or None; `people` is how many there are."""
        if self.mode is Mode.ASK or not self._says_presence():
            return None
        announcement = Announcement(who(Observation(None, people=people)), Priority.PRESENCE, tone=Tone.FOUND)
        return None if self._is_repeated(announcement, now) else announcement

    def on_started(self, announcement: Announcement, now: float) -> None:
        """Note that an announcement begins to sound; an announcement that was dropped does not count as said."""
        if announcement.parts or announcement.is_tone_wanted:
            self._said[announcement.priority] = announcement.topic, now

    def answer(
        self,
        observation: Observation | None,
        impression: Impression | None,
        attention: Attention = Attention.UNKNOWN,
    ) -> Announcement:
        """Return the answer to a press: who is there, where, how near, where they look, and how they look.

        `observation` is None when there is no picture, `impression` when there is too little evidence for a guess.
        """
        if observation is None:
            return Announcement(("no_picture",), Priority.ANSWER)
        if observation.face is None:
            return Announcement(("nobody",), Priority.ANSWER)
        reason = reject_phrase(observation.face)
        parts = (*who(observation), *placed(observation), *attending(attention), *self._how(reason, impression))
        return Announcement.answering(parts)

    def _how(self, reason: str | None, impression: Impression | None) -> PhraseKeys:
        if reason is not None:
            return (reason,)
        if impression is None:
            return ("unsure",)
        # An answer also names what is switched off, in doubt, unless it is neutral; a guess is always in doubt.
        wording = self.wording(impression.emotion, is_sure=impression.is_sure)
        if wording is Wording.OFF:
            plain = impression.is_sure and impression.emotion is Emotion.NEUTRAL
            wording = Wording.PLAIN if plain else Wording.HEDGED
        if impression.is_guess:
            wording = Wording.HEDGED
        return (looks(impression.emotion, wording),)

    def _attention(self, attention: Attention, now: float) -> Announcement | None:
        """Return the words or the tone for where somebody looks; only the mode `full` says that they look aside."""
        choice = AttentionChoice(self._settings.attention)
        is_at_you = attention is Attention.AT_YOU
        if choice is AttentionChoice.OFF or not (is_at_you or self.mode is Mode.FULL):
            return None
        tone = Tone.AT_YOU if is_at_you else None
        by_tone = choice is AttentionChoice.TONE
        parts = () if by_tone else attending(attention)
        announcement = Announcement(parts, Priority.ATTENTION, tone=tone, is_tone_wanted=by_tone)
        is_heard = bool(parts) or (by_tone and is_at_you)
        return announcement if is_heard and not self._is_repeated(announcement, now) else None

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

    def _emotion(self, change: EmotionSettled, observation: Observation, now: float) -> Announcement | None:
        emotion, wording = change.emotion, self.wording(change.emotion, is_sure=change.is_sure)
        if wording is Wording.OFF:
            return None
        where = placed(observation) if self.mode is Mode.FULL else ()
        parts = (looks(emotion, wording), *where)
        announcement = Announcement(parts, Priority.EMOTION, emotion=emotion, tone=Tone(str(emotion)))
        return None if self._is_repeated(announcement, now) else announcement
