"""The sessions of browsers that have logged in with the token, kept in a file so that they survive a restart."""

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
"""A session ends after this many seconds."""

MOST = 64
"""At most this many sessions are open at a time; when another one begins, the oldest ends."""

logger = logging.getLogger(__name__)


class Sessions:
    """Keeps the open sessions. The browser has a session's secret; the file has only the keyed hash of the secret."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Read the sessions in this folder; sessions that were begun with another key are not recognised."""
        self._path = folder / FILE
        self._key = key
        self._until_s = _read(self._path)

    def begin(self, now: float) -> str:
        """Begin a session at `now`, in seconds since 1970, and return the secret that the browser keeps."""
        secret = secrets.token_urlsafe(32)
        self._until_s[self._name(secret)] = now + LONGEST_S
        self._keep(now)
        return secret

    def is_open(self, secret: str, now: float) -> bool:
        """Return whether this secret belongs to a session that is not too old and has not ended."""
        return now < self._until_s.get(self._name(secret), 0.0) <= now + LONGEST_S

    def end(self, secret: str, now: float) -> None:
        """End the session of this secret."""
        if self._until_s.pop(self._name(secret), None) is not None:
            self._keep(now)

    def _name(self, secret: str) -> str:
        return hmac.new(self._key, f"session:{secret}".encode(), hashlib.sha256).hexdigest()

    def _keep(self, now: float) -> None:
        latest = [(name, until_s) for name, until_s in self._until_s.items() if until_s > now][-MOST:]
        self._until_s = dict(latest)
        try:
            with replaced_atomically(self._path) as unfinished:
                unfinished.touch(mode=0o600)
                unfinished.write_text(json.dumps(self._until_s), encoding="ascii")
        except OSError as error:
            why = error.strerror
            logger.warning("%s: cannot be written: %s; after a restart browsers must log in again", self._path, why)


def _read(path: Path) -> dict[str, float]:
    """Read the sessions of a file; return none when the file is missing or damaged."""
    if not path.exists():
        return {}
    try:
        table = read_json(path, ConfigError)
    except ConfigError as error:
        logger.warning("%s; all browsers must log in again", error)
        return {}
    found = table.items() if isinstance(table, dict) else ()
    return {name: until_s for name, until_s in found if isinstance(until_s, float)}
