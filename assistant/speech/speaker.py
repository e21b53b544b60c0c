"""The port for a voice, which the drivers implement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import SpeechError
from assistant.speech.guiding.cue import Cue
from assistant.speech.tones import Tone


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """A change of the voice: it failed, or it works again."""

    error: SpeechError | None = None
    """Why the voice fails; None when it works again."""


class Speaker(Protocol):
    """A voice; none of its methods but `close` makes the caller wait."""

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Cut off what is being said, and begin to say these texts one after the other, the tone first."""

    def silence(self) -> None:
        """Cut off what is being said."""

    def is_speaking(self) -> bool:
        """Return whether something is being said or about to be said."""

    def guide(self, cue: Cue | None) -> None:
        """Lead to a face by this sound while nothing is being said; with None, stop it."""

    def set_volume(self, volume: float) -> None:
        """Set the volume from now on, from 0 to 1."""

    def take_changes(self) -> Sequence[VoiceChange]:
        """Return how the voice has changed since the last call, the oldest change first."""

    def close(self, *, finish: bool) -> None:
        """Close the voice: with `finish` when everything is said, otherwise at once."""
