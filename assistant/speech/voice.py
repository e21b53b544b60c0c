"""The controller of the voice: it queues announcements, says them, cuts them off, and writes the events of all that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from assistant.faults import Fault
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.guiding.cue import Cue
from assistant.speech.phrases import Phrases
from assistant.speech.queue import Fate, Outcome, SpeechQueue, SpeechSettings
from assistant.speech.speaker import Speaker
from assistant.speech.tones import Tone

VOLUME_STEP = 0.1
QUIETEST = 0.2
"""The lowest volume that steps reach: at a lower one the wearer could not hear that the volume rises again."""

OnStarted = Callable[[Announcement, float], None]


class Events(Protocol):
    """Where events are written."""

    def write(self, t_s: float, kind: str, **fields: Any) -> None:
        """Publish one event that happened at `t_s` seconds."""


class VoiceController:
    """Says announcements through a speaker; while `muted`, it only says answers."""

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
        """`on_started` is called with what begins to sound; `loudest` is the speaker's volume when `volume` is 1."""
        self.speaker = speaker
        self._events = events
        self.muted = False
        self.last: Announcement | None = None
        """The announcement in words that began to sound last."""
        self._queue = queue
        self.phrases = phrases
        self._on_started = on_started
        self.volume = volume
        self._loudest = loudest
        self._tones = tones
        self._cue: Cue | None = None

    def enqueue(self, announcement: Announcement, now: float) -> None:
        """Let an announcement wait for its turn; while muted, drop it unless it is an answer."""
        if not announcement.parts and self._tone(announcement) is None:
            return
        if self.muted and announcement.priority is not Priority.ANSWER:
            self._follow([Outcome(announcement, Fate.DROPPED)], now)
        else:
            self._follow(self._queue.enqueue(announcement, now), now)

    def step(self, now: float) -> None:
        """Say what is due; call this in each turn of the loop."""
        self._follow(self._queue.step(now, self.speaker.is_speaking()), now)

    def due_s(self, now: float) -> float:
        """Return the time at which `step` may have something to do, though nothing happens until then."""
        return self._queue.due_s(now)

    def is_speaking(self) -> bool:
        """Return whether something sounds."""
        return self.speaker.is_speaking()

    def is_waiting(self, priority: Priority) -> bool:
        """Return whether an announcement of this priority waits."""
        return self._queue.is_waiting(priority)

    def silence(self, now: float) -> None:
        """Cut off what sounds and drop what waits, except faults."""
        speaking = self.speaker.is_speaking()
        self.speaker.silence()
        self._follow(self._queue.silence(speaking), now)

    def guide(self, cue: Cue | None) -> None:
        """Lead to a face by this sound from now on, whenever nothing is said; with None, stop it."""
        if cue != self._cue:
            self._cue = cue
            self.speaker.guide(cue)

    def discard(self, priorities: Collection[Priority], now: float, topic: object = None) -> None:
        """Drop the waiting announcements of these priorities, or only those of a topic: they are no longer true."""
        self._follow(self._queue.discard(priorities, topic), now)

    def sentence(self, announcement: Announcement) -> str:
        """Return the words of an announcement as one text."""
        return self.phrases.sentence(announcement)

    def change_volume(self, steps: int) -> None:
        """Change the volume by this many steps; a negative number makes it quieter."""
        quietest = min(QUIETEST, self.volume)
        self.volume = min(1.0, max(quietest, round(self.volume + steps * VOLUME_STEP, 2)))
        self.speaker.set_volume(self.volume * self._loudest)

    def update_settings(self, settings: SpeechSettings) -> None:
        """Use these settings of the queue from now on."""
        self._queue.update_settings(settings)

    def change_voice(self, speaker: Speaker, phrases: Phrases, *, volume: float, tones: bool) -> None:
        """Use this speaker and these phrases from now on; the caller has closed the speaker that they replace."""
        self.speaker, self.phrases, self._tones = speaker, phrases, tones
        self.volume, self._loudest = volume, phrases.voice.volume
        speaker.set_volume(volume * self._loudest)
        speaker.guide(self._cue)

    def take_faults(self, now: float) -> list[Fault]:
        """Return a fault for each time that the voice failed, or works again, since the last call, the oldest first."""
        faults = []
        for change in self.speaker.take_changes():
            if change.error is not None:
                self._events.write(now, "fault", fault="voice", message=str(change.error))
            faults.append(Fault.SOUND_BACK if change.error is None else Fault.SOUND_GONE)
        return faults

    def end(self, now: float) -> None:
        """Write the events of what is cut off or dropped because the program ends."""
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
                self.speaker.say(self.phrases.texts(announcement), self._tone(announcement))

    def _tone(self, announcement: Announcement) -> Tone | None:
        """Return the tone that sounds with an announcement."""
        return announcement.tone if self._tones or announcement.is_tone_wanted else None
