"""Who was let in and has not left: kept in a file, so that a restart asks nobody for the token again."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from pathlib import Path

from assistant.documents import read_json
from assistant.errors import ConfigError
from assistant.files import replaced_atomically

FILE = "page-sessions.json"
LONGEST_S = 12 * 3600.0
MOST = 64
"""At a time; the next one ends the oldest."""

logger = logging.getLogger(__name__)


class Sessions:
    """What browsers keep instead of the token; the file holds only what nobody can use to come in."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """With another key nobody is known any more."""
        self._path = folder / FILE
        self._key = key
        self._until_s = _read(self._path)

    def begin(self, now: float) -> str:
        """What a browser keeps from `now` on, in seconds since 1970, to be let in again."""
        kept = secrets.token_urlsafe(32)
        self._until_s[self._name(kept)] = now + LONGEST_S
        self._keep(now)
        return kept

    def is_open(self, kept: str, now: float) -> bool:
        """Whether that was given out here, is not too old, and was not ended."""
        return now < self._until_s.get(self._name(kept), 0.0) <= now + LONGEST_S

    def end(self, kept: str, now: float) -> None:
        """From now on it opens nothing."""
        if self._until_s.pop(self._name(kept), None) is not None:
            self._keep(now)

    def _name(self, kept: str) -> str:
        return hmac.new(self._key, f"session:{kept}".encode(), hashlib.sha256).hexdigest()

    def _keep(self, now: float) -> None:
        newest = [(name, until_s) for name, until_s in self._until_s.items() if until_s > now][-MOST:]
        self._until_s = dict(newest)
        try:
            with replaced_atomically(self._path) as unfinished:
                unfinished.touch(mode=0o600)
                unfinished.write_text(json.dumps(self._until_s), encoding="ascii")
        except OSError as error:
            logger.warning("%s: cannot be written: %s; a restart will ask for the token", self._path, error.strerror)


def _read(path: Path) -> dict[str, float]:
    """None where there is no such file, or none that is whole."""
    if not path.exists():
        return {}
    try:
        table = read_json(path, ConfigError)
    except ConfigError as error:
        logger.warning("%s; all have to show the token again", error)
        return {}
    found = table.items() if isinstance(table, dict) else ()
    return {name: until_s for name, until_s in found if isinstance(until_s, float)}
