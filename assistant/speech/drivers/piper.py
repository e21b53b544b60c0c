"""The engine Piper, by its command, with the .onnx files of voices that are in its folders."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SpeechError, VoiceError
from assistant.files import data_folder, expanded
from assistant.speech.drivers.engine import Voice, VoiceChoice

PIPER_RATE_WPM = 175
"""The rate that Piper's voices are assumed to have by themselves; no rate is published for each voice."""

PIPER_FOLDERS = ("/usr/local/share/piper-voices", "/usr/share/piper-voices")


@dataclass(frozen=True, slots=True)
class Piper:
    """Piper's command with the .onnx file of a voice."""

    voice: str
    rate_wpm: int
    name: str = "piper"

    @classmethod
    def from_choice(cls, choice: VoiceChoice) -> Piper:
        """Return the engine with the chosen voice, or the first of the language; raise VoiceError without a voice."""
        return cls(_model(choice), choice.rate_wpm)

    @staticmethod
    def voices() -> Sequence[Voice]:
        """Return the voices in Piper's folders; raise SpeechError when there is none."""
        found = [Voice(str(file), file.name.split("-")[0], file.stem) for file in _models()]
        if not found:
            raise SpeechError(f"piper has no voice: {_where_to_put_one()}")
        return found

    def command(self, target: Path) -> Sequence[str]:
        """Return the command that writes the sound of standard input to a WAV file."""
        scale = f"{PIPER_RATE_WPM / self.rate_wpm:.3f}"
        return ("piper", "--model", self.voice, "--length_scale", scale, "--output_file", str(target))

    def check(self) -> None:
        """Raise SpeechError when the command is not installed, VoiceError when the voice or its .json is missing."""
        if shutil.which("piper") is None:
            raise SpeechError("piper is not installed: pip install piper-tts, or take the engine espeak-ng")
        for needed in (self.voice, f"{self.voice}.json"):
            if not Path(needed).is_file():
                raise VoiceError(f"piper: there is no {needed}; a voice is an .onnx file with its .onnx.json beside it")


def _model(choice: VoiceChoice) -> str:
    """Return the path that was named, or the file of that name in a folder, or the first file of the language."""
    wanted = choice.voice_name
    if "/" in wanted:
        return str(expanded(wanted))
    for file in _models():
        if wanted.removesuffix(".onnx") == file.stem or (not wanted and file.name.startswith(choice.language[:2])):
            return str(file)
    named = f"called {wanted!r}" if wanted else f"of language {choice.language!r}"
    raise VoiceError(f"piper has no voice {named}: {_where_to_put_one()}")


def _models() -> list[Path]:
    return [file for folder in _folders() for file in sorted(folder.glob("*.onnx"))]


def _folders() -> list[Path]:
    """Return the folders in the order in which they are searched: the person's own comes first."""
    return [data_folder() / "piper-voices", *map(Path, PIPER_FOLDERS)]


def _where_to_put_one() -> str:
    return f"put an .onnx file and its .onnx.json into {_folders()[0]}"
