"""A speaker that needs no sound device."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.frame import Clock
from assistant.speech.guiding.cue import Cue
from assistant.speech.speaker import VoiceChange
from assistant.speech.tones import Tone


class TimedSpeaker:
    """Speaks for `lasts_s` seconds a phrase on a clock that a test moves, and keeps what it was asked for."""

    def __init__(self, clock: Clock, lasts_s: float = 1.0) -> None:
        self._clock = clock
        self._lasts_s = lasts_s
        self._until_s = float("-inf")
        self.said: list[str] = []
        self.closed: list[bool] = []
        """For each time that the speaker was closed: whether it was to finish."""
        self.cue: Cue | None = None
        self.cues: list[Cue | None] = []
        self.volume: float | None = None

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Begin to say these texts."""
        self.said += texts
        self._until_s = self._clock.now() + self._lasts_s

    def silence(self) -> None:
        """Cut off what is being said."""
        self._until_s = float("-inf")

    def is_speaking(self) -> bool:
        """Return whether the last phrase still lasts."""
        return self._clock.now() < self._until_s

    def guide(self, cue: Cue | None) -> None:
        """Keep the sound that leads to the face."""
        self.cue = cue
        self.cues.append(cue)

    def set_volume(self, volume: float) -> None:
        """Keep the volume."""
        self.volume = volume

    def take_changes(self) -> Sequence[VoiceChange]:
        """Return nothing: this speaker never fails."""
        return ()

    def close(self, *, finish: bool) -> None:
        """Keep that the speaker was closed."""
        self.closed.append(finish)
