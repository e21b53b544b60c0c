"""The words for announcements: one TOML file a language, one phrase a key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources

from assistant.announcer import Announcement
from assistant.errors import ConfigError

KEYED_BY_SECTION = ("plain", "hedged")
"""Sections whose keys are emotions, and repeat; a phrase there is called `section.key`."""


class Phrases:
    """The phrases of one language by key."""

    def __init__(self, by_key: Mapping[str, str]) -> None:
        self._by_key = dict(by_key)

    @classmethod
    def load(cls, language: str) -> Phrases:
        """Read a language that comes with the package; ConfigError naming those there are."""
        file = resources.files(__name__) / f"{language}.toml"
        if not file.is_file():
            raise ConfigError(f"voice.language = {language!r}: allowed are {', '.join(languages())}")
        return cls(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))

    def text(self, announcement: Announcement) -> str:
        """The words of an announcement."""
        return self._by_key[announcement.phrase]

    def all(self) -> Mapping[str, str]:
        """Every phrase by its key."""
        return self._by_key


def languages() -> list[str]:
    """The languages that come with the package."""
    return sorted(file.name[:-5] for file in resources.files(__name__).iterdir() if file.name.endswith(".toml"))


def _flat(sections: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for section, phrases in sections.items():
        prefix = f"{section}." if section in KEYED_BY_SECTION else ""
        flat.update({f"{prefix}{key}": words for key, words in phrases.items()})
    return flat
