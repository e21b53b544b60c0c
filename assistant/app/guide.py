"""Leads to the face by a sound: gives the frames to the guidance, and its sound and words to the voice."""

from __future__ import annotations

from assistant.controls.commands import Mode
from assistant.emotion.observation import Observation
from assistant.speech.announcement import Announcement, PhraseKeys
from assistant.speech.announcer import Announcer
from assistant.speech.guiding.guidance import Ending, Guidance, Guiding
from assistant.speech.guiding.settings import GuidingSettings
from assistant.speech.voice import Events, VoiceController

WORDS = {Ending.CENTRED: "guiding.centred", Ending.LONGEST: "guiding.off"}
"""What is said when a sound that was asked for ends by itself."""


class Guide:
    """Begins and ends the sound; times are in seconds of the loop's clock."""

    def __init__(
        self,
        voice: VoiceController,
        announcer: Announcer,
        events: Events,
        settings: GuidingSettings = GuidingSettings(),
    ) -> None:
        self._voice, self._announcer, self._events = voice, announcer, events
        self._guidance = Guidance(settings)

    def update_settings(self, settings: GuidingSettings) -> None:
        """Use these settings from now on."""
        self._guidance.update_settings(settings)

    @property
    def is_asked(self) -> bool:
        """Whether the sound leads now because the wearer asked for it."""
        return self._guidance.state is Guiding.ASKED

    def ask(self, now: float) -> PhraseKeys:
        """Begin, or end what was asked for; return the phrases to say."""
        if self.is_asked:
            self.stop(now)
            return ("guiding.off",)
        self._guidance.begin(now)
        self._publish(now, "asked")
        if self._guidance.is_late(now):
            return ("guiding.on", "no_picture")
        return ("guiding.on",) if self._guidance.sees_somebody else ("guiding.on", "nobody")

    def stop(self, now: float) -> None:
        """End the sound without a word, also one that was not asked for."""
        was_on = self._guidance.state is not Guiding.OFF
        self._guidance.stop()
        self._voice.guide(None)
        if was_on:
            self._publish(now, "stopped")

    def observe(self, observation: Observation, now: float, *, is_certain: bool) -> None:
        """Take the observation of a frame; `is_certain` says whether the face in front is certainly a person."""
        place = None if observation.face is None else observation.placement
        self._guidance.see(now, observation.track_id, place, is_certain=is_certain)

    def step(self, now: float) -> None:
        """Give the voice the sound that leads now; to be called in each turn of the loop."""
        before = self._guidance.state
        may_begin = self._announcer.mode is not Mode.ASK and not self._voice.muted
        step = self._guidance.step(now, may_begin=may_begin)
        self._voice.guide(step.cue)
        if step.ending is not None:
            self._publish(now, str(step.ending))
            if step.was_asked:
                self._voice.enqueue(Announcement.answering((WORDS[step.ending],)), now)
        elif self._guidance.state is not before:
            self._publish(now, "stopped" if self._guidance.state is Guiding.OFF else "unasked")

    def _publish(self, now: float, what: str) -> None:
        self._events.write(now, "guiding", guiding=what)
