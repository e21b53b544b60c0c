"""Voice engines: what each must do, how the chosen one is loaded, and how it makes sound of a text.

Each engine runs in a child process, which can be killed when it hangs. `speech/registry.py` lists the engines.
"""

from __future__ import annotations

import os
import pkgutil
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.errors import SpeechError
from assistant.speech.boards import NO_BOARD
from assistant.speech.drivers.child_process import run_until
from assistant.speech.drivers.wav import Samples, read_wav, trimmed
from assistant.speech.registry import DEFAULT_ENGINE, ENGINES

RENDER_TIMEOUT_S = 5.0

MEMORY = "/dev/shm"  # noqa: S108 - tempfile makes a folder there for each phrase


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice and how it sounds: the settings, with the language's own values where the settings leave them open."""

    engine: str = DEFAULT_ENGINE
    voice_name: str = ""
    """The engine's name of the voice; empty for the voice of the language."""
    language: str = "en"
    """espeak-ng's name of the language."""
    rate_wpm: int = 175
    volume: float = 1.0
    """Loudness, from 0 to 1."""
    device: str = "default"
    board: str = NO_BOARD
    """The sound board whose mixer is set."""
    stays_open: bool = True


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that an engine has."""

    name: str
    """The voice's name for `voice.name` in the settings."""
    language: str
    description: str


class Engine(Protocol):
    """A program that makes sound of a text; engines that are equal make the same sound."""

    @property
    def name(self) -> str:
        """The engine's name in the settings."""

    @property
    def voice(self) -> str:
        """The engine's name of the voice."""

    @property
    def rate_wpm(self) -> int:
        """The speed in words a minute."""

    def command(self, target: Path) -> Sequence[str]:
        """Return the command that reads the text from standard input and writes its sound to a WAV file."""

    def check(self) -> None:
        """Raise SpeechError when the engine is not installed, VoiceError when it does not have the voice."""


class EngineClass(Protocol):
    """What a class in `ENGINES` offers."""

    def from_choice(self, choice: VoiceChoice) -> Engine:
        """Return the engine with this voice, not yet checked; raise VoiceError when no voice fits."""

    def voices(self) -> Sequence[Voice]:
        """Return the voices of the engine; raise SpeechError when it is not installed or has none."""


def _engine_class(name: str, engines: Mapping[str, str]) -> EngineClass:
    loaded: EngineClass = pkgutil.resolve_name(engines[name])
    return loaded


def engine_of(choice: VoiceChoice, engines: Mapping[str, str] = ENGINES) -> Engine:
    """Return the chosen engine, not yet checked; raise VoiceError when it has no voice of the language."""
    return _engine_class(choice.engine, engines).from_choice(choice)


def check_engine(choice: VoiceChoice) -> None:
    """Raise SpeechError when the chosen engine is not installed, VoiceError when it does not have the voice."""
    engine_of(choice).check()


def voices(engine: str, engines: Mapping[str, str] = ENGINES) -> Sequence[Voice]:
    """Return the voices of an engine; raise SpeechError when it is not installed or has none."""
    return _engine_class(engine, engines).voices()


def render(
    engine: Engine,
    text: str,
    cancelled: threading.Event,
    *,
    timeout_s: float = RENDER_TIMEOUT_S,
    in_background: bool = False,
) -> Samples | None:
    """Return the sound of a text, or None when `cancelled` was set meanwhile.

    Raises SpeechError when the engine fails, takes longer than `timeout_s`, or makes no sound.
    """
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
        raise SpeechError(f"{engine.name} made no sound of {text!r}: can its voice {engine.voice} speak this script?")
    return sound


def _quick_folder() -> str | None:
    """Return a folder in memory, if there is one: it spares the memory card, and works when the card is full."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None
