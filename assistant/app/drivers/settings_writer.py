"""Writes what the wearer changes into the wearer's own file: completely or not at all, with its comments kept."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.app.configuration.settings import parse_settings
from assistant.app.configuration.settings_files import read_table, set_aside
from assistant.errors import ConfigError
from assistant.files import replaced_atomically

REST_S = 3.0
"""A change is written once it has lasted this many seconds, since each writing wears the memory card."""

RETRY_S = 30.0
"""A failed writing is tried again after this many seconds."""

FLUSH_TIMEOUT_S = 0.5
"""At the end the program waits at most this many seconds for the memory card."""

logger = logging.getLogger(__name__)


def change(path: Path, values: Mapping[str, object]) -> None:
    """Set these settings, by names like voice.volume, in the file; a missing file is created.

    ConfigError names a value that is not allowed. OSError is raised when the file cannot be written. In both cases the
    file stays as it was. A damaged file is renamed and begun anew.
    """
    for name, value in values.items():
        section, _, key = name.partition(".")
        parse_settings({section: {key: value}})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path.parent):
        _write(path, _changed(path, values))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock the folder against other threads and programs that change a file in it."""
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
    """Return the text of the file; an empty text when it is missing or damaged."""
    if not path.exists():
        return ""
    try:
        read_table(path)
    except ConfigError as error:
        logger.warning("%s; a new file is begun", error)
        set_aside(path)
        return ""
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    with replaced_atomically(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


class _Writing:
    """Writes some settings in a thread."""

    def __init__(self, path: Path, values: Mapping[str, object]) -> None:
        self.values = values
        self.error: ConfigError | OSError | None = None
        self._path = path
        self._thread = threading.Thread(target=self._write, name="settings", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait at most this many seconds for the end; return whether the thread has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _write(self) -> None:
        try:
            change(self._path, self.values)
        except (ConfigError, OSError) as error:
            self.error = error


class StateFileWriter:
    """Writes what differs from the file. A slow memory card delays nobody, and a failed writing is tried again."""

    def __init__(self, path: Path, values: Mapping[str, object]) -> None:
        """`values` are the settings that were read, by name."""
        self._path = path
        self._kept = dict(values)
        """The settings that the file is known to hold."""
        self._wanted = dict(values)
        self._due_s = 0.0
        self._works = True
        self._writing: _Writing | None = None

    def notice(self, values: Mapping[str, object], now: float) -> None:
        """Take the present settings; they are written once they have lasted a while."""
        self._end_writing(0.0)
        if values != self._wanted:
            self._wanted, self._due_s = dict(values), now + REST_S
        if self._writing is None and now >= self._due_s and self._unwritten():
            self._due_s = now + RETRY_S
            self._writing = _Writing(self._path, self._unwritten())

    def flush(self) -> None:
        """Write at once, and wait a moment for the end."""
        self._end_writing(FLUSH_TIMEOUT_S)
        if self._writing is None and self._unwritten():
            self._writing = _Writing(self._path, self._unwritten())
            self._end_writing(FLUSH_TIMEOUT_S)

    def take_over(self, values: Mapping[str, object]) -> None:
        """Take the settings that were read again. A change by hand that still counts is written as before."""
        unwritten = self._unwritten()
        still = {name for name, value in unwritten.items() if values.get(name) == value}
        self._kept = {name: self._kept.get(name) if name in still else value for name, value in values.items()}
        self._wanted = dict(values)

    def _unwritten(self) -> dict[str, object]:
        return {name: value for name, value in self._wanted.items() if value != self._kept.get(name)}

    def _end_writing(self, seconds: float) -> None:
        """Record what was written, once it is."""
        writing = self._writing
        if writing is None or not writing.wait(seconds):
            return
        self._writing = None
        if writing.error is None:
            self._kept.update(writing.values)
        elif self._works:
            logger.warning("%s: a change cannot be written, and is tried again: %s", self._path, writing.error)
        self._works = writing.error is None
