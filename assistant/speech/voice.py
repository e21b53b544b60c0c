"""The mouth: what is offered is queued, spoken, logged, cut off and repeated here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from assistant.faults import Fault
from assistant.speech.announcer import Announcement, Priority
from assistant.speech.phrases import Phrases
from assistant.speech.queue import Fate, Outcome, SpeechQueue, SpeechSettings
from assistant.speech.speaker import Speaker

VOLUME_STEP = 0.1
QUIETEST = 0.2
"""Quieter would be nobody's wish, and nobody could hear the way back."""

OnStarted = Callable[[Announcement, float], None]


class Events(Protocol):
    """Where events go."""

    def write(self, t_s: float, kind: str, **fields: Any) -> None:
        """Publish one event that happened at `t_s` seconds."""


class VoiceController:
    """Speaks; `muted` keeps everything silent but answers."""

    def __init__(  # noqa: PLR0913 - what it joins
        self,
        queue: SpeechQueue,
        phrases: Phrases,
        speaker: Speaker,
        events: Events,
        on_started: OnStarted,
        *,
        volume: float = 1.0,
        loudest: float = 1.0,
        tones: bool = False,
    ) -> None:
        """`begun` is told what begins to sound, and when; `loudest` is the language's own volume at 1."""
        self.speaker = speaker
        self._events = events
        self.muted = False
        self.last: Announcement | None = None
        """What began to sound last."""
        self._queue = queue
        self.phrases = phrases
        self._on_started = on_started
        self.volume = volume
        self._loudest = loudest
        self._tones = tones

    def enqueue(self, announcement: Announcement, now: float) -> None:
        """Say it when its turn comes, or not at all."""
        if not (announcement.parts or self._tones):
            return
        if self.muted and announcement.priority is not Priority.ANSWER:
            self._follow([Outcome(announcement, Fate.DROPPED)], now)
        else:
            self._follow(self._queue.enqueue(announcement, now), now)

    def step(self, now: float) -> None:
        """Begin what is due."""
        self._follow(self._queue.step(now, self.speaker.is_speaking()), now)

    def is_speaking(self) -> bool:
        """Whether something sounds."""
        return self.speaker.is_speaking()

    def is_waiting(self, priority: Priority) -> bool:
        """Whether something of this priority waits."""
        return self._queue.is_waiting(priority)

    def silence(self, now: float) -> None:
        """Cut off what sounds and drop what waits."""
        speaking = self.speaker.is_speaking()
        self.speaker.silence()
        self._follow(self._queue.silence(speaking), now)

    def discard(self, priorities: Collection[Priority], now: float) -> None:
        """Drop what waits and is no longer so."""
        self._follow(self._queue.discard(priorities), now)

    def sentence(self, announcement: Announcement) -> str:
        """Its words."""
        return self.phrases.sentence(announcement)

    def change_volume(self, steps: int) -> None:
        """Louder, or with a negative number quieter."""
        quietest = min(QUIETEST, self.volume)
        self.volume = min(1.0, max(quietest, round(self.volume + steps * VOLUME_STEP, 2)))
        self.speaker.set_volume(self.volume * self._loudest)

    def update_settings(self, settings: SpeechSettings) -> None:
        """Speak as densely as this from now on."""
        self._queue.update_settings(settings)

    def change_voice(self, speaker: Speaker, phrases: Phrases, *, volume: float, tones: bool) -> None:
        """Speak like this from now on; the speaker before, where it is another one, was closed."""
        self.speaker, self.phrases, self._tones = speaker, phrases, tones
        self.volume, self._loudest = volume, phrases.voice.volume
        speaker.set_volume(volume * self._loudest)

    def take_faults(self, now: float) -> list[Fault]:
        """Each time that the voice has failed, or spoken again, since the last call, in this order."""
        faults = []
        for status in self.speaker.take_changes():
            if status.error is not None:
                self._events.write(now, "fault", fault="voice", message=str(status.error))
            faults.append(Fault.SOUND_BACK if status.error is None else Fault.SOUND_GONE)
        return faults

    def end(self, now: float) -> None:
        """The program ends: tell what became of what still sounds or waits."""
        self._follow(self._queue.close(self.speaker.is_speaking()), now)

    def _follow(self, outcomes: Sequence[Outcome], now: float) -> None:
        for outcome in outcomes:
            announcement = outcome.announcement
            fate = {} if outcome.fate is Fate.STARTED else {str(outcome.fate): True}
            priority = announcement.priority.name.lower()
            if announcement.parts:
                self._events.write(now, "said", text=self.sentence(announcement), priority=priority, **fate)
            else:
                self._events.write(now, "tone", tone=str(announcement.tone), **fate)
            if outcome.fate is Fate.STARTED:
                self.last = announcement if announcement.parts else self.last
                self._on_started(announcement, now)
                self.speaker.say(self.phrases.texts(announcement), announcement.tone if self._tones else None)
