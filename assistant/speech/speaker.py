"""What the program needs of a voice; the drivers fulfil it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import SpeechError
from assistant.speech.tones import Tone


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """How the voice is from some moment on."""

    error: SpeechError | None = None
    """Why it fails; None: it works again."""


class Speaker(Protocol):
    """A voice that never makes its caller wait."""

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Begin to say these one after the other, the tone first; what is being said is cut off."""

    def silence(self) -> None:
        """Cut off what is being said."""

    def is_speaking(self) -> bool:
        """Whether something is being said or about to be."""

    def set_volume(self, volume: float) -> None:
        """From now on, 0 to 1."""

    def take_changes(self) -> Sequence[VoiceChange]:
        """How the voice has changed since the last call, the oldest change first: it failed, or works again."""

    def close(self, *, finish: bool) -> None:
        """End the voice: with `finish` when all is said, else at once."""
