"""The engine pyttsx3, which speaks with espeak-ng's library."""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SpeechError
from assistant.speech.drivers.child_process import INSTALL_HINT
from assistant.speech.drivers.engine import Voice, VoiceChoice
from assistant.speech.drivers.espeak import pyttsx3_child
from assistant.speech.drivers.espeak.espeak_ng import check_voice, listed_voices

LIBRARY = "libespeak-ng.so.1"


@dataclass(frozen=True, slots=True)
class Pyttsx3:
    """pyttsx3 with one of espeak-ng's voices."""

    voice: str
    rate_wpm: int
    name: str = "pyttsx3"

    @classmethod
    def from_choice(cls, choice: VoiceChoice) -> Pyttsx3:
        """Return the engine with the chosen voice, or with the voice of the language."""
        return cls(choice.voice_name or choice.language, choice.rate_wpm)

    @staticmethod
    def voices() -> Sequence[Voice]:
        """Return the voices of espeak-ng; raise SpeechError when its command is not installed."""
        return listed_voices()

    def command(self, target: Path) -> Sequence[str]:
        """Return the command that runs `pyttsx3_child.py`; with -P it imports nothing from the current folder."""
        return (sys.executable, "-P", pyttsx3_child.__file__, self.voice, str(self.rate_wpm), str(target))

    def check(self) -> None:
        """Raise SpeechError when the package or the library is missing, VoiceError when there is no such voice.

        The voice is only checked where espeak-ng's command is installed too.
        """
        if importlib.util.find_spec("pyttsx3") is None:
            raise SpeechError("pyttsx3 is not installed: pip install pyttsx3")
        try:
            ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise SpeechError(f"espeak-ng cannot be loaded ({error}): {INSTALL_HINT}") from error
        if shutil.which("espeak-ng"):
            check_voice(self.voice)
