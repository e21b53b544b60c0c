"""The voice's settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.setting import setting
from assistant.speech.device_names import DEVICE_NAME
from assistant.speech.engine_registry import DEFAULT_ENGINE, ENGINES
from assistant.speech.phrases import languages


def engine_setting(engines: Iterable[str] = ENGINES) -> Any:
    """Return the setting `voice.engine`, which may be any of these engines."""
    return setting(DEFAULT_ENGINE, "The engine that makes speech of text", choices=tuple(engines))


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """The voice."""

    language: str = setting("en", "Language of the phrases and of the voice", choices=tuple(languages()))
    engine: str = engine_setting()
    name: str = setting(
        "", "The engine's voice, see `assistant voices`; of piper its .onnx file; empty: the language's"
    )
    rate_wpm: int = setting(0, "Speed; 0: the language's own, about 175", unit="words a minute", high=450)
    volume: float = setting(1.0, "Loudness, beside the language's own")
    device: str = setting("default", "Sound output, see `assistant devices`", form=DEVICE_NAME)
    stays_open: bool = setting(True, "Keep the output open with silence, so that no beginning is swallowed")
    tones: bool = setting(False, "A short tone for a face found or lost, and before an emotion that is said unasked")
    wordings: str = setting("", "A TOML file with wordings of your own; empty: phrases.toml beside the settings")
