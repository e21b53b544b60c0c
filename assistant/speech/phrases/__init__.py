"""The words for announcements: one TOML file a language, one phrase a key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.documents import read_toml
from assistant.errors import ConfigError
from assistant.setting import LONGEST_TEXT
from assistant.speech.announcement import Announcement

KEYED_BY_SECTION = ("plain", "hedged", "direction", "distance", "mode", "status", "practice")
"""Sections whose phrases are called `section.key`."""

NUMBER = "number."
"""A part that begins so is the number behind it, in the voice's own words."""

LARGEST_NUMBER = 99
"""Of those that are rendered in advance."""


@dataclass(frozen=True, slots=True)
class LanguageVoice:
    """How espeak-ng speaks a language best."""

    espeak: str
    rate_wpm: int
    volume: float


class Phrases:
    """The phrases of one language by key."""

    def __init__(self, by_key: Mapping[str, str], voice: LanguageVoice) -> None:
        self._by_key = dict(by_key)
        self.voice = voice

    @classmethod
    def load(cls, language: str, own: Path | None = None) -> Phrases:
        """Read a language that comes with the package, and over it a file of own wordings with the same sections.

        ConfigError names what there is, for a language or a key that there is not.
        """
        file = resources.files(__name__) / f"{language}.toml"
        if not file.is_file():
            raise ConfigError(f"voice.language = {language!r}: allowed are {', '.join(languages())}")
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        voice = LanguageVoice(**table.pop("voice"))
        by_key = _flat(table)
        return cls(by_key | ({} if own is None else _own_wordings(own, by_key)), voice)

    def texts(self, announcement: Announcement) -> tuple[str, ...]:
        """The words of an announcement, part by part."""
        return tuple(self._text(part) for part in announcement.parts)

    def sentence(self, announcement: Announcement) -> str:
        """The same as one text, for people who read."""
        return ", ".join(self.texts(announcement))

    def all(self) -> Mapping[str, str]:
        """Every phrase by its key."""
        return self._by_key

    def finite(self) -> Iterable[str]:
        """Every text that may have to be said, the phrases first, then numbers: what can be rendered in advance."""
        return dict.fromkeys([*self._by_key.values(), *map(str, range(LARGEST_NUMBER + 1))])

    def _text(self, part: str) -> str:
        return part.removeprefix(NUMBER) if part.startswith(NUMBER) else self._by_key[part]


def languages() -> list[str]:
    """The languages that come with the package."""
    return sorted(file.name[:-5] for file in resources.files(__name__).iterdir() if file.name.endswith(".toml"))


def _own_wordings(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    """What a file says differently; ConfigError names the file and the key that is none."""
    table = read_toml(path, ConfigError)
    for name, section in table.items():
        if not isinstance(section, dict):
            raise ConfigError(f"{path}: is no file of wordings: {name} is no section with keys and texts")
    own = _flat(table)
    for key, words in own.items():
        if key not in known:
            raise ConfigError(f"{path}: {key}: no such phrase; there are {', '.join(known)}")
        if not isinstance(words, str) or not words.strip() or len(words) > LONGEST_TEXT or not words.isprintable():
            raise ConfigError(f"{path}: {key}: a text in quotes of at most {LONGEST_TEXT} characters is needed")
    return own


def _flat(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for section, phrases in sections.items():
        prefix = f"{section}." if section in KEYED_BY_SECTION else ""
        flat.update({f"{prefix}{key}": words for key, words in phrases.items()})
    return flat
