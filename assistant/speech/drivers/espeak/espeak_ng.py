"""The engine espeak-ng, by its command, with the voices that it has."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SpeechError, VoiceError
from assistant.speech.drivers.child_process import INSTALL_HINT, last_line
from assistant.speech.drivers.engine import Voice, VoiceChoice

CHECK_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class EspeakNg:
    """espeak-ng's command with one of its voices."""

    voice: str
    rate_wpm: int
    name: str = "espeak-ng"

    @classmethod
    def from_choice(cls, choice: VoiceChoice) -> EspeakNg:
        """Return the engine with the chosen voice, or with the voice of the language."""
        return cls(choice.voice_name or choice.language, choice.rate_wpm)

    @staticmethod
    def voices() -> Sequence[Voice]:
        """Return the voices of espeak-ng; raise SpeechError when it is not installed."""
        return listed_voices()

    def command(self, target: Path) -> Sequence[str]:
        """Return the command that writes the sound of standard input to a WAV file."""
        return ("espeak-ng", "--stdin", "-b", "1", "-v", self.voice, "-s", str(self.rate_wpm), "-w", str(target))

    def check(self) -> None:
        """Raise SpeechError when the command is not installed, VoiceError when it does not have the voice."""
        if shutil.which("espeak-ng") is None:
            raise SpeechError(f"espeak-ng is not installed: {INSTALL_HINT}")
        check_voice(self.voice)


def listed_voices() -> Sequence[Voice]:
    """Return the voices of espeak-ng; raise SpeechError when it is not installed.

    `espeak-ng --voices` prints a table: priority, language, age and gender, name, file, other languages.
    """
    listed = _espeak("--voices")
    if listed.returncode:
        raise SpeechError(f"espeak-ng failed: {last_line(listed.stderr.encode())}")
    rows = [line.split(maxsplit=5) for line in listed.stdout.splitlines()[1:]]
    return [Voice(row[1], row[1], row[3].strip("_").replace("_", " ")) for row in rows if len(row) >= 5]


def check_voice(voice: str) -> None:
    """Raise VoiceError when espeak-ng does not have this voice."""
    if _espeak("-q", "--stdin", "-v", voice).returncode:
        raise VoiceError(f"espeak-ng has no voice {voice!r}: see `assistant voices`")


def _espeak(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ("espeak-ng", *arguments), input="", capture_output=True, text=True, timeout=CHECK_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise SpeechError(f"espeak-ng does not answer within {CHECK_TIMEOUT_S:g} seconds") from None
    except OSError as error:
        raise SpeechError(f"espeak-ng is not installed: {INSTALL_HINT}") from error
