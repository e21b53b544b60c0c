"""Reads the settings that a person has put onto the memory card's boot partition, from any computer.

The file is read at each start and at each reload. Its right settings count, above those of the machine's file and below
what the wearer has changed; a wrong one is left out, and told with its line.
"""

from __future__ import annotations

import codecs
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.app.configuration.settings import Settings, parse_settings
from assistant.documents import MARK, is_deep, read_bytes
from assistant.errors import ConfigError, shown

VARIABLE = "EMOTION_ASSISTANT_CARD"
"""An environment variable with another path of the file."""

CARD_FILE = Path("/boot/firmware/emotion-assistant.toml")
"""Raspberry Pi OS mounts the boot partition here from release 12 on; it is the one that other computers show."""

ENDINGS = ("", ".txt")
"""Notepad adds .txt to a name, and Windows does not show it."""

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
RICH_TEXT, PACKED = b"{\\rtf", b"PK\x03\x04"
"""How a file of a word processor begins: rich text, and the packed files of Word and LibreOffice."""

PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
"""The place at the end of tomllib's messages."""

HEADER = re.compile(r"\s*\[\s*([\w-]+)\s*\]")
CURVED_QUOTES = re.compile("[\N{LEFT SINGLE QUOTATION MARK}-\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}\xab\xbb\xb4`]")
BARE_TEXT = re.compile(r"\s*([\w.-]+)\s*=\s*((?!true\b|false\b)[A-Za-z/~][^\"'#=]*?)\s*(?:#.*)?$")
NO_EQUALS = re.compile(r"\s*([\w.-]+)\s*(?::\s*|\s)(\S.*)$")


@dataclass(frozen=True, slots=True)
class CardFault:
    """What is wrong in the file, for people who read."""

    text: str
    line: int = 0
    """The number of the line, from 1; 0 when it is not about one line."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True)
class CardSettings:
    """The settings of the card."""

    path: Path | None = None
    """The file; None when there is none."""
    table: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The right settings, by section and key."""
    faults: Sequence[CardFault] = ()
    text: str = ""

    def without(self, names: Sequence[str], why: str) -> CardSettings:
        """Return the same without the settings of these names, section.key; `why` becomes a fault of the first."""
        table = {
            section: {key: value for key, value in values.items() if f"{section}.{key}" not in names}
            for section, values in self.table.items()
        }
        fault = CardFault(why, line_of(self.text, names[0]))
        return CardSettings(self.path, table, (*self.faults, fault), self.text)


def card_path(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the path of the card's file; None when there is none."""
    wanted = Path(environment.get(VARIABLE) or CARD_FILE)
    for each in (wanted.with_name(wanted.name + ending) for ending in ENDINGS):
        if os.path.lexists(each):
            return each
    return None


def read_card(path: Path | None) -> CardSettings:
    """Read the file of a path; what is wrong with it becomes faults, and raises nothing."""
    if path is None:
        return CardSettings()
    try:
        text = _decoded(read_bytes(path, ConfigError))
    except ConfigError as error:
        return CardSettings(path, {}, (CardFault(str(error).removeprefix(f"{path}: ")),))
    try:
        parsed = _parsed(text)
    except _NotTomlError as error:
        return CardSettings(path, {}, (error.fault,), text)
    table, faults = _checked(parsed, text)
    return CardSettings(path, table, faults, text)


class _NotTomlError(Exception):
    """The file is not TOML."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.fault = CardFault(text, line)


def _decoded(content: bytes) -> str:
    """Return the text of the file's bytes, with plain ends of lines; ConfigError says how to save it."""
    if content.startswith((RICH_TEXT, PACKED)):
        raise ConfigError("is a document of a word processor; save it as plain text")
    coding = "utf-16" if content.startswith(WIDE) else "utf-8"
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(f"is not saved as UTF-8, see line {line}; save it as UTF-8") from error
    if "\0" in text:
        raise ConfigError("is not saved as UTF-8; save it as UTF-8")
    return text.removeprefix(MARK).replace("\r\n", "\n").replace("\r", "\n")


def _parsed(text: str) -> dict[str, Any]:
    if is_deep(text):
        raise _NotTomlError("the tables are nested too deeply")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _NotTomlError("the tables are nested too deeply") from None
    except ValueError as error:
        message = (str(error).splitlines() or [""])[0]
        place = PLACE.search(message)
        lines = text.split("\n")
        number = int(place[1] or len(text.rstrip().split("\n"))) if place else 0
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        raise _NotTomlError(_advice(line) or PLACE.sub("", message), number) from error


def _advice(line: str) -> str:
    """Return what to do about a line that is not TOML, where its kind is known; otherwise an empty text."""
    code = line.partition("#")[0]
    curved = CURVED_QUOTES.search(code)
    if curved:
        return f'{curved[0]} is not a straight quotation mark; write " around a text'
    bare = BARE_TEXT.match(line)
    if bare:
        return f'a text needs quotation marks: write {bare[1]} = "{bare[2]}"'
    if "=" not in code and (apart := NO_EQUALS.match(code)):
        return f"an equals sign is missing: write {apart[1]} = {apart[2].strip()}"
    return ""


def _checked(parsed: Mapping[str, Any], text: str) -> tuple[dict[str, dict[str, Any]], tuple[CardFault, ...]]:
    """Return the right settings, and a fault for each wrong one."""
    table: dict[str, dict[str, Any]] = {}
    faults: list[CardFault] = []
    for section, values in parsed.items():
        single = values if isinstance(values, Mapping) and values else None
        for key, value in (single or {"": values}).items():
            try:
                parse_settings({section: {key: value} if single else value})
            except ConfigError as error:
                name = f"{section}.{key}" if single else section
                faults.append(CardFault(_without_section(section, values) or str(error), line_of(text, name)))
            else:
                table.setdefault(section, {}).update({key: value} if single else {})
    return table, tuple(sorted(faults, key=lambda fault: fault.line))


def _without_section(key: str, value: Any) -> str:
    """Return the advice for a setting that stands above the first section; empty for anything else."""
    if isinstance(value, Mapping):
        return ""
    sections = [name for name in Settings.__dataclass_fields__ if key in _keys(name)]
    if not sections:
        return ""
    return f"{key} = {shown(value)}: is in no section; write [{'] or ['.join(sections)}] in a line above it"


def _keys(section: str) -> Sequence[str]:
    return tuple(getattr(Settings(), section).__dataclass_fields__)


def line_of(text: str, name: str) -> int:
    """Return the number of the line that sets `name`, section.key, or begins the section `name`; 0 if none does."""
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        header = HEADER.match(line)
        if header:
            section = header[1]
        key = line.partition("=")[0].replace('"', "").replace("'", "").replace(" ", "").strip()
        if name in (f"{section}.{key}" if section else key, section if header else None):
            return number
    return 0
