"""Engines that make sound of a text, each in a child process that can be killed: pyttsx3, espeak-ng and Piper."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.errors import SpeechError, VoiceError
from assistant.files import data_folder, expanded
from assistant.speech.drivers import pyttsx3_child
from assistant.speech.drivers.voice_status import INSTALL_HINT, last_line, run_until
from assistant.speech.drivers.wav import Samples, read_wav, trimmed

LIBRARY = "libespeak-ng.so.1"
RENDER_TIMEOUT_S = 5.0
CHECK_TIMEOUT_S = 5.0
PIPER_RATE_WPM = 175
"""What Piper's voices are taken to speak by themselves; there is no figure for each."""

MEMORY = "/dev/shm"  # noqa: S108 - each phrase has a folder of its own there, made by tempfile
PIPER_FOLDERS = ("/usr/local/share/piper-voices", "/usr/share/piper-voices")


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice and how it sounds: the settings, with the language's own where they are empty."""

    engine: str = "pyttsx3"
    voice_name: str = ""
    """The engine's name of it; empty for the one of the language."""
    language: str = "en"
    """espeak-ng's name of it."""
    rate_wpm: int = 175
    volume: float = 1.0
    device: str = "default"
    stays_open: bool = True


class Engine(Protocol):
    """What makes sound of a text; two that are equal make the same sound."""

    @property
    def name(self) -> str:
        """As the settings call it."""

    @property
    def voice(self) -> str:
        """Its name of the voice."""

    @property
    def rate_wpm(self) -> int:
        """Speed, words a minute."""

    def command(self, target: Path) -> Sequence[str]:
        """What renders standard input to a WAV file."""

    def check(self) -> None:
        """Raise SpeechError when it is not installed, VoiceError when it has no such voice."""


@dataclass(frozen=True, slots=True)
class Pyttsx3:
    """espeak-ng's library, by way of pyttsx3."""

    voice: str
    rate_wpm: int
    name: str = "pyttsx3"

    def command(self, target: Path) -> Sequence[str]:
        """A script of ours; -P: no module is taken from the folder that it is run in."""
        return (sys.executable, "-P", pyttsx3_child.__file__, self.voice, str(self.rate_wpm), str(target))

    def check(self) -> None:
        """The package, the library, and the voice where espeak-ng's command is there to tell."""
        if importlib.util.find_spec("pyttsx3") is None:
            raise SpeechError("pyttsx3 is not installed: pip install pyttsx3")
        try:
            ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise SpeechError(f"espeak-ng cannot be loaded ({error}): {INSTALL_HINT}") from error
        if shutil.which("espeak-ng"):
            _check_espeak_voice(self.voice)


@dataclass(frozen=True, slots=True)
class EspeakNg:
    """espeak-ng's command."""

    voice: str
    rate_wpm: int
    name: str = "espeak-ng"

    def command(self, target: Path) -> Sequence[str]:
        """The program."""
        return ("espeak-ng", "--stdin", "-b", "1", "-v", self.voice, "-s", str(self.rate_wpm), "-w", str(target))

    def check(self) -> None:
        """The command and the voice."""
        if shutil.which("espeak-ng") is None:
            raise SpeechError(f"espeak-ng is not installed: {INSTALL_HINT}")
        _check_espeak_voice(self.voice)


@dataclass(frozen=True, slots=True)
class Piper:
    """Piper's command, with the .onnx file of a voice."""

    voice: str
    rate_wpm: int
    name: str = "piper"

    def command(self, target: Path) -> Sequence[str]:
        """The program."""
        scale = f"{PIPER_RATE_WPM / self.rate_wpm:.3f}"
        return ("piper", "--model", self.voice, "--length_scale", scale, "--output_file", str(target))

    def check(self) -> None:
        """The command, the voice and the .json file beside it."""
        if shutil.which("piper") is None:
            raise SpeechError("piper is not installed: pip install piper-tts, or take the engine espeak-ng")
        for needed in (self.voice, f"{self.voice}.json"):
            if not Path(needed).is_file():
                raise VoiceError(f"piper: there is no {needed}; a voice is an .onnx file with its .onnx.json beside it")


def engine_of(choice: VoiceChoice) -> Engine:
    """The engine that was chosen, not yet checked; VoiceError when Piper has no voice of the language."""
    if choice.engine == "piper":
        return Piper(_piper_model(choice), choice.rate_wpm)
    voice = choice.voice_name or choice.language
    return EspeakNg(voice, choice.rate_wpm) if choice.engine == "espeak-ng" else Pyttsx3(voice, choice.rate_wpm)


def check_engine(choice: VoiceChoice) -> None:
    """Raise SpeechError when the engine is not installed, VoiceError when it has no such voice."""
    engine_of(choice).check()


def render(
    engine: Engine,
    text: str,
    cancelled: threading.Event,
    *,
    timeout_s: float = RENDER_TIMEOUT_S,
    in_background: bool = False,
) -> Samples | None:
    """The sound of a text, None when cancelled; SpeechError when the engine fails, takes too long or makes none."""
    with tempfile.TemporaryDirectory(prefix="emotion-assistant-", dir=_quick_folder()) as folder:
        target = Path(folder) / "phrase.wav"
        command = [*(("nice", "-n", "10") if in_background else ()), *engine.command(target)]
        if not run_until(command, cancelled, timeout_s, engine.name, text):
            return None
        try:
            sound = trimmed(read_wav(target))
        except SpeechError as error:
            raise SpeechError(f"{engine.name} made no sound: {error}") from error
    if not len(sound):
        raise SpeechError(f"{engine.name} made no sound of {text!r}: does its voice {engine.voice} know the script?")
    return sound


def _quick_folder() -> str | None:
    """In memory, where there is such a folder: the card is spared, and a full one is no hindrance."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that an engine has."""

    name: str
    """For `voice.name` in the settings."""
    language: str
    description: str


def voices(engine: str) -> Sequence[Voice]:
    """What an engine can speak with; SpeechError when it is not installed or has none."""
    if engine != "piper":
        return _espeak_voices()
    found = [Voice(str(file), file.name.split("-")[0], file.stem) for file in _piper_files()]
    if not found:
        raise SpeechError(f"piper has no voice: put an .onnx file and its .onnx.json into {_piper_folders()[0]}")
    return found


def _espeak_voices() -> Sequence[Voice]:
    """From a table of priority, language, age and gender, name, file and other languages."""
    listed = _espeak("--voices")
    if listed.returncode:
        raise SpeechError(f"espeak-ng failed: {last_line(listed.stderr.encode())}")
    rows = [line.split(maxsplit=5) for line in listed.stdout.splitlines()[1:]]
    return [Voice(row[1], row[1], row[3].strip("_").replace("_", " ")) for row in rows if len(row) >= 5]


def _check_espeak_voice(voice: str) -> None:
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


def _piper_model(choice: VoiceChoice) -> str:
    """The file that was named, by path or by its name in one of the folders, or the first of the language."""
    wanted = choice.voice_name
    if "/" in wanted:
        return str(expanded(wanted))
    for file in _piper_files():
        if wanted.removesuffix(".onnx") == file.stem or (not wanted and file.name.startswith(choice.language[:2])):
            return str(file)
    named = f"called {wanted!r}" if wanted else f"of language {choice.language!r}"
    raise VoiceError(f"piper has no voice {named}: put an .onnx file and its .onnx.json into {_piper_folders()[0]}")


def _piper_files() -> list[Path]:
    return [file for folder in _piper_folders() for file in sorted(folder.glob("*.onnx"))]


def _piper_folders() -> list[Path]:
    """The person's own first."""
    return [data_folder() / "piper-voices", *map(Path, PIPER_FOLDERS)]
