"""The words for announcements: a TOML file for each language, with a phrase for each key."""

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

KEYED_BY_SECTION = (
    "plain",
    "hedged",
    "direction",
    "distance",
    "attention",
    "head",
    "movement",
    "mode",
    "status",
    "guiding",
    "introduction",
    "practice",
)
"""The sections whose phrases have keys of the form `section.key`; the others have their `key` alone."""

NUMBER = "number."
"""A key that begins like this stands for the number behind it, which the voice says in its own words."""

LARGEST_NUMBER = 100
"""The largest number that is rendered in advance: a battery can be at 100 percent."""


@dataclass(frozen=True, slots=True)
class LanguageVoice:
    """The voice, rate and volume with which espeak-ng speaks a language best."""

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
        """Read a language of the package, and replace some of its phrases by those of the file `own`.

        Raises ConfigError, which lists what exists, for a language, a section or a key that does not exist.
        """
        file = resources.files(__name__) / f"{language}.toml"
        if not file.is_file():
            raise ConfigError(f"voice.language = {language!r}: allowed are {', '.join(languages())}")
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        voice = LanguageVoice(**table.pop("voice"))
        by_key = _flat(table)
        return cls(by_key | ({} if own is None else _own_wordings(own, by_key)), voice)

    def texts(self, announcement: Announcement) -> tuple[str, ...]:
        """Return the words of an announcement, a text for each of its phrases."""
        return tuple(self._text(part) for part in announcement.parts)

    def sentence(self, announcement: Announcement) -> str:
        """Return the words of an announcement as one text, for people who read."""
        return ", ".join(self.texts(announcement))

    def all(self) -> Mapping[str, str]:
        """Return every phrase by its key."""
        return self._by_key

    def finite(self) -> Iterable[str]:
        """Return every text that can be rendered in advance: the phrases first, then the numbers."""
        return dict.fromkeys([*self._by_key.values(), *map(str, range(LARGEST_NUMBER + 1))])

    def _text(self, part: str) -> str:
        return part.removeprefix(NUMBER) if part.startswith(NUMBER) else self._by_key[part]


def languages() -> list[str]:
    """Return the languages of the package."""
    return sorted(file.name[:-5] for file in resources.files(__name__).iterdir() if file.name.endswith(".toml"))


def _own_wordings(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return the phrases of a file by key; raise ConfigError, which names the file and the key, when one is wrong."""
    table = read_toml(path, ConfigError)
    for name, section in table.items():
        if not isinstance(section, dict):
            raise ConfigError(f'{path}: {name}: a section is needed, such as [plain] with happy = "smiles" below it')
    own = _flat(table)
    for key, words in own.items():
        if key not in known:
            raise ConfigError(f"{path}: {key}: there is no such phrase; the phrases are {', '.join(known)}")
        if not isinstance(words, str) or not words.strip() or len(words) > LONGEST_TEXT or not words.isprintable():
            raise ConfigError(f"{path}: {key}: a text in quotes of at most {LONGEST_TEXT} characters is needed")
    return own


def _flat(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for section, phrases in sections.items():
        prefix = f"{section}." if section in KEYED_BY_SECTION else ""
        flat.update({f"{prefix}{key}": words for key, words in phrases.items()})
    return flat
