"""The service's journal since the machine's start, without what tells of people.

A line with what the headset said is kept only if that is about the headset itself. An event is kept if it is a fault
or the end. Of all other lines, those with a word for an emotion, a person or a look are left out, in all languages.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from assistant.cli.report.measured import MissingError, output_of
from assistant.cli.report.scrubbed import without_networks
from assistant.emotions import Emotion
from assistant.speech import phrases
from assistant.speech.phrases import languages

MOST_LINES = 2000
"""So many lines are read, the newest ones."""

SAYS, TONE = "says: ", "tone: "
"""How the printed phrases and tones begin (`speech/drivers/speakers.py`)."""

ABOUT_THE_HEADSET = ("fault", "notice", "mode", "status")
"""The sections of the phrases that say nothing about people."""

ABOUT_PEOPLE = ("plain", "hedged", "presence", "direction", "distance", "attention", "movement", "answer", "page")

KEPT_EVENTS = ("fault", "end")


def journal(unit: str) -> str:
    """Return the lines since the machine's start that tell nothing of people; MissingError says why there are none."""
    command = ["journalctl", "-b", "-u", unit, "-o", "json", "--no-pager", "-n", str(MOST_LINES)]
    entries = [_entry(line) for line in output_of(command).splitlines()]
    messages = [(entry, _message(entry)) for entry in entries if entry is not None]
    if not messages:
        raise MissingError("the journal has no line of the service that this user may read: run it with sudo")
    kept = [_line(entry, message) for entry, message in messages if tells_nothing_of_people(message)]
    return "\n".join([f"{len(messages) - len(kept)} of {len(messages)} lines tell of people and are left out", *kept])


def _entry(line: str) -> Mapping[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _message(entry: Mapping[str, Any]) -> str:
    """Return the text of an entry, which is a list of numbers where it is not UTF-8."""
    message = entry.get("MESSAGE", "")
    return bytes(message).decode(errors="replace") if isinstance(message, list) else str(message)


def _line(entry: Mapping[str, Any], message: str) -> str:
    microseconds = str(entry.get("__REALTIME_TIMESTAMP", ""))
    at = f"{datetime.fromtimestamp(int(microseconds) / 1e6, UTC):%m-%d %H:%M:%S} " if microseconds.isdecimal() else ""
    return at + without_networks(" ".join(message.split()))


def tells_nothing_of_people(message: str) -> bool:
    """Return whether a line may be sent."""
    if message.startswith(TONE):
        return False
    if message.startswith(SAYS):
        return message.removeprefix(SAYS) in _of_the_headset() or _all_known(message.removeprefix(SAYS))
    if message.lstrip().startswith("{"):
        event = _entry(message.strip()) or {}
        return event.get("type") in KEPT_EVENTS
    return _of_people().search(message) is None


def _all_known(said: str) -> bool:
    return all(part in _of_the_headset() or part.isdecimal() for part in said.split(", "))


@cache
def _of_the_headset() -> frozenset[str]:
    return frozenset(_texts(ABOUT_THE_HEADSET))


@cache
def _of_people() -> re.Pattern[str]:
    """Return a pattern for the names of emotions and all phrases about people, as whole words in any language."""
    words = {*map(str, Emotion), *_texts(ABOUT_PEOPLE), "looks through the camera"}
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)


def _texts(sections: Iterable[str]) -> list[str]:
    wanted = tuple(sections)
    files = [resources.files(phrases) / f"{language}.toml" for language in languages()]
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return [text for table in tables for name in wanted for text in table[name].values()]
