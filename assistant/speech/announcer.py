"""Decides which changes are announced, and whether plainly or with "maybe".

This file does no input or output; every time is an argument, in seconds of the loop's clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.controls.commands import Mode
from assistant.emotion.debouncing.debounce import Change, EmotionSettled, FaceAppeared, FaceLost, Impression
from assistant.emotion.movement_watch import MovementChange
from assistant.emotion.movements import Movement
from assistant.emotion.observation import Observation
from assistant.emotions import Emotion
from assistant.face.attention import Attention
from assistant.face.nods import HeadGesture
from assistant.speech.announcement import Announcement, PhraseKeys, Priority
from assistant.speech.announcer_settings import AnnouncerSettings, AttentionChoice, Choice, Words
from assistant.speech.sentences import Wording, attending, head_phrase, looks, placed, reject_phrase, showing, who
from assistant.speech.tones import Tone

News = Change | Attention | MovementChange
"""What may be said unasked about the person in front."""

TONES: Mapping[Movement, Tone] = {
    Movement.SMILE: Tone.HAPPY,
    Movement.FROWN: Tone.ANGRY,
    Movement.BROWS_RAISED: Tone.SURPRISE,
    Movement.MOUTH_OPEN: Tone.MOUTH_OPEN,
}
"""A movement has the tone of the emotion that it is nearest to: the settings let the wearer hear only one of them."""

NO_MOVEMENTS = 'announce.words = "movements" has no effect: the model has no output for movements'


class Announcer:
    """Turns changes and questions into announcements, and remembers what was said last."""

    def __init__(
        self, settings: AnnouncerSettings = AnnouncerSettings(), *, movements: tuple[Movement, ...] = ()
    ) -> None:
        """Begin in the mode of the settings; `movements` are those that may be said with the model."""
        self.mode = Mode(settings.mode)
        self._settings = settings
        self.movements = movements
        self._said: dict[tuple[Priority, str], tuple[object, float]] = {}
        """The topic that was said last, and when, for each priority and subject."""

    @property
    def says_movements(self) -> bool:
        """Whether movements of the face are said, and no emotion."""
        return self._settings.words == Words.MOVEMENTS and bool(self.movements)

    @property
    def lacks_movements(self) -> bool:
        """Whether the settings want movements to be said, but the model has no output for them."""
        return self._settings.words == Words.MOVEMENTS and not self.movements

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

    def announcement_for(self, change: News, observation: Observation, now: float) -> Announcement | None:
        """Return what to say about a change, or None."""
        return None if self.mode is Mode.ASK else self._announcement(change, observation, now)

    def _announcement(self, change: News, observation: Observation, now: float) -> Announcement | None:
        match change:
            case EmotionSettled() if not self.says_movements:
                return self._emotion(change, observation, now)
            case MovementChange(movement, has_begun=True) if self.says_movements:
                return self._movement(movement, observation, now)
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
            self._said[announcement.priority, announcement.subject] = announcement.topic, now

    def answer(
        self,
        observation: Observation | None,
        impression: Impression | None,
        attention: Attention = Attention.UNKNOWN,
        movements: tuple[Movement, ...] | None = None,
    ) -> Announcement:
        """Return the answer to a press: who is there, where, how near, where they look, and what their face shows.

        `observation` is None when there is no picture, `impression` when there is too little evidence for a guess, and
        `movements` as `MovementWatch.shown`.
        """
        if observation is None:
            return Announcement(("no_picture",), Priority.ANSWER)
        if observation.face is None:
            return Announcement(("nobody",), Priority.ANSWER)
        reason = reject_phrase(observation.face)
        shown = showing(movements) if self.says_movements else self._how(impression)
        shown = shown if reason is None else (reason,)
        return Announcement.answering((*who(observation), *placed(observation), *attending(attention), *shown))

    def _how(self, impression: Impression | None) -> PhraseKeys:
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
        place = (announcement.priority, announcement.subject)
        topic, said_s = self._said.get(place, (None, float("-inf")))
        return topic == announcement.topic and now - said_s < self._settings.repeat_s

    def _emotion(self, change: EmotionSettled, observation: Observation, now: float) -> Announcement | None:
        emotion, wording = change.emotion, self.wording(change.emotion, is_sure=change.is_sure)
        if wording is Wording.OFF:
            return None
        parts = (looks(emotion, wording), *self._where(observation))
        announcement = Announcement(parts, Priority.EMOTION, shown=emotion, tone=Tone(str(emotion)))
        return None if self._is_repeated(announcement, now) else announcement

    def _movement(self, movement: Movement, observation: Observation, now: float) -> Announcement | None:
        """Return the announcement of a movement.

        A mouth opens whatever the brows and the corners of the mouth do: it has a subject of its own, so that it takes
        the place of no other movement, and is not said more often when they alternate with it.
        """
        parts = (*showing((movement,)), *self._where(observation))
        subject = "mouth" if movement is Movement.MOUTH_OPEN else ""
        announcement = Announcement(parts, Priority.EMOTION, subject, shown=movement, tone=TONES[movement])
        return None if self._is_repeated(announcement, now) else announcement

    def _where(self, observation: Observation) -> PhraseKeys:
        return placed(observation) if self.mode is Mode.FULL else ()
