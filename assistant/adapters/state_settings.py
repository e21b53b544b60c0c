"""Writes what the wearer changes into a file of its own, whole or not at all, comments kept."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.files import replaced_atomically
from assistant.settings import parse_settings
from assistant.settings_files import read_table

REST_S = 3.0
"""What the wearer changes is written once it has stayed so for this long: each writing wears the card."""

FLUSH_TIMEOUT_S = 0.5
"""A card that takes longer is not waited for: the program has to end."""

DAMAGED_SUFFIX = ".damaged"

logger = logging.getLogger(__name__)


def change(path: Path, values: Mapping[str, object]) -> None:
    """Set these, by names like voice.volume, in the file, which is made where there is none.

    ConfigError names a value that is not allowed; then, and with OSError when it cannot be written, the file stays as
    it was. One that is damaged is left aside and begun anew.
    """
    for name, value in values.items():
        section, _, key = name.partition(".")
        parse_settings({section: {key: value}})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path.parent):
        _write(path, _changed(path, values))


def set_aside(path: Path) -> None:
    """Give a damaged file another name, so that it is there for who wants to look at it."""
    try:
        path.replace(path.with_name(path.name + DAMAGED_SUFFIX))
    except OSError as error:
        logger.warning("%s: is damaged and cannot be left aside: %s", path, error.strerror)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else changes a file of this folder meanwhile, be it another thread or another program."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        os.fsync(lock)
    finally:
        os.close(lock)


def _changed(path: Path, values: Mapping[str, object]) -> str:
    import tomlkit

    document: Any = tomlkit.parse(_text(path))
    for name, value in values.items():
        section, _, key = name.partition(".")
        document.setdefault(section, tomlkit.table())[key] = value
    return tomlkit.dumps(document)


def _text(path: Path) -> str:
    """What the file holds; nothing where there is none, or none that is whole."""
    if not path.exists():
        return ""
    try:
        read_table(path)
    except ConfigError as error:
        logger.warning("%s; it is begun anew", error)
        set_aside(path)
        return ""
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    with replaced_atomically(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


class StateKeeper:
    """Writes what differs from what was last read or written, in a thread of its own: a slow card stops nobody."""

    def __init__(self, path: Path, values: Mapping[str, object]) -> None:
        """`values` are the settings as they were read."""
        self._path = path
        self._kept = dict(values)
        self._wanted = dict(values)
        self._since_s = 0.0
        self._works = True
        self._thread: threading.Thread | None = None

    def notice(self, values: Mapping[str, object], now: float) -> None:
        """The settings are these; they are written once they have stayed so for a while."""
        if values != self._wanted:
            self._wanted, self._since_s = dict(values), now
        if self._wanted != self._kept and now - self._since_s >= REST_S:
            self._begin()

    def flush(self) -> None:
        """Write at once, and wait until it is done."""
        self._wait()
        if self._wanted != self._kept:
            self._begin()
            self._wait()

    def take_over(self, values: Mapping[str, object]) -> None:
        """The settings were read again."""
        self._kept, self._wanted = dict(values), dict(values)

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join(FLUSH_TIMEOUT_S)

    def _begin(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return  # the next turn begins anew
        changed = {name: value for name, value in self._wanted.items() if value != self._kept.get(name)}
        self._kept = dict(self._wanted)
        self._thread = threading.Thread(target=self._keep, args=(changed,), name="settings", daemon=True)
        self._thread.start()

    def _keep(self, changed: Mapping[str, object]) -> None:
        try:
            change(self._path, changed)
        except (ConfigError, OSError) as error:
            if self._works:
                logger.warning("%s: what was changed is not kept: %s", self._path, error)
            self._works = False
        else:
            self._works = True
