"""Writes events as JSON lines: one event a line, written at once."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from pathlib import Path
from typing import TextIO

from assistant.app.events import Event
from assistant.errors import ConfigError

logger = logging.getLogger(__name__)


class EventFile:
    """Writes events to a file or a stream; the first event creates the file.

    An event that cannot be written is dropped, with one warning in the log: a full disk stops no headset.
    BrokenPipeError is raised for a stream that nobody reads any more.
    """

    def __init__(self, target: Path | TextIO) -> None:
        """Check the target; ConfigError is raised when no such file can be written."""
        self._path = target if isinstance(target, Path) else None
        self._stream = None if isinstance(target, Path) else target
        self._file: _LineFile | None = None
        self._works = True
        if self._path is not None and not _can_be_written(self._path):
            raise ConfigError(f"--events {self._path}: cannot be written there")

    def on_event(self, event: Event) -> None:
        """Write one event."""
        line = json.dumps({"t": round(event.t_s, 3), "type": event.kind, **event.fields})
        try:
            self._put(f"{line}\n")
        except OSError as error:
            if isinstance(error, BrokenPipeError) and self._path is None:
                raise
            if self._works:
                logger.warning("--events %s: cannot be written: %s", self._path or "-", error.strerror)
            self._works = False
        else:
            self._works = True

    def close(self) -> None:
        """Close the file; a stream stays open."""
        if self._file is not None:
            self._file.close()

    def _put(self, line: str) -> None:
        if self._path is not None:
            self._file = self._file or _LineFile(self._path)
            self._file.write(line.encode())
        elif self._stream is not None:
            self._stream.write(line)
            self._stream.flush()


class _LineFile:
    """A file that holds whole lines only."""

    def __init__(self, path: Path) -> None:
        """Create the file; OSError is raised when that fails, or when the path is a pipe without a reader."""
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NONBLOCK, 0o666)
        os.set_blocking(self._descriptor, True)
        self._size = 0

    def write(self, line: bytes) -> None:
        """Append a line; a line that does not fit leaves nothing behind."""
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            with contextlib.suppress(OSError):  # a device, or a pipe
                os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(line)

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def _can_be_written(path: Path) -> bool:
    if path.exists():
        return not path.is_dir() and os.access(path, os.W_OK)
    return os.access(path.parent, os.W_OK)
