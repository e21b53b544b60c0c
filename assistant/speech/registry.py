"""The voice engines that a person can choose: to add one, write its driver and a line of `ENGINES`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

ENGINES: Mapping[str, str] = MappingProxyType(
    {
        "pyttsx3": "assistant.speech.drivers.espeak.pyttsx3_engine:Pyttsx3",
        "espeak-ng": "assistant.speech.drivers.espeak.espeak_ng:EspeakNg",
        "piper": "assistant.speech.drivers.piper:Piper",
    }
)
"""The class of each engine, as `module:class`, which is an `EngineClass`.

The classes stand here as texts, so that the settings and `--help` can list the engines without loading a driver.
"""

DEFAULT_ENGINE = "pyttsx3"


def allowed_voices(engines: Iterable[str] = ENGINES) -> str:
    """Return the values of `--voice` with commas between them: these engines, and the voices that are no engine."""
    return ", ".join(("auto", *engines, "print", "wav:DIR", "none"))


VOICES = allowed_voices()
"""The values of `--voice`, for `--help` and for error messages."""
