"""The settings of the voice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.setting import setting
from assistant.speech.boards import BOARDS, NO_BOARD
from assistant.speech.device_names import DEVICE_NAME
from assistant.speech.phrases import languages
from assistant.speech.registry import DEFAULT_ENGINE, ENGINES

DEFAULT_DEVICE = "default"


def engine_setting(engines: Iterable[str] = ENGINES) -> Any:
    """Return the setting `voice.engine`, which may be any of these engines."""
    return setting(DEFAULT_ENGINE, "The engine that speaks the phrases", choices=tuple(engines))


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """The voice that the wearer hears."""

    language: str = setting("en", "The language of the phrases and of the voice", choices=tuple(languages()))
    engine: str = engine_setting()
    name: str = setting(
        "",
        "The engine's voice, as `assistant voices` lists it; for piper its .onnx file; empty: the language's voice",
    )
    rate_wpm: int = setting(
        0,
        "The speed of the speech; a larger value is faster; 0: the usual speed, about 175; otherwise at least 80",
        unit="words a minute",
        high=450,
    )
    volume: float = setting(
        1.0, "The loudness of the speech, as a share of the language's full loudness; a larger value is louder"
    )
    device: str = setting(
        DEFAULT_DEVICE, "The sound output that plays the voice; with default, a board's own output", form=DEVICE_NAME
    )
    board: str = setting(
        NO_BOARD,
        "The sound board; its output plays the voice, its mixer is set, and its pins are refused for other parts",
        choices=(NO_BOARD, *BOARDS),
    )
    stays_open: bool = setting(
        True, "Whether silence keeps the sound output open, so that no phrase loses its beginning"
    )
    tones: bool = setting(
        False,
        "Whether a short tone sounds when a face is found or lost, and before an emotion that is said unasked",
    )
    wordings: str = setting(
        "", "A TOML file with your own wordings; empty: phrases.toml beside the settings file", private=True
    )

    @property
    def output(self) -> str:
        """The output that plays the voice: the board's, unless a device is named."""
        board = BOARDS.get(self.board)
        return board.device if board is not None and self.device == DEFAULT_DEVICE else self.device
