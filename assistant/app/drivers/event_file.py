"""What happens, as JSON lines: one event a line, written at once."""

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
    """Writes events to a file, which is begun with the first of them, or to a stream.

    An event that cannot be written is left out, which the log tells once: a full disk stops no headset. A stream that
    nobody reads any more is a BrokenPipeError.
    """

    def __init__(self, target: Path | TextIO) -> None:
        """ConfigError when there can be no such file."""
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
        """No event follows; a stream stays open."""
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
    """A file of whole lines."""

    def __init__(self, path: Path) -> None:
        """Begin it; OSError where it cannot be opened, or is a pipe that nobody reads."""
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NONBLOCK, 0o666)
        os.set_blocking(self._descriptor, True)
        self._size = 0

    def write(self, line: bytes) -> None:
        """Add a line; of one that does not fit, nothing stays."""
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
        """Nothing follows."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def _can_be_written(path: Path) -> bool:
    if path.exists():
        return not path.is_dir() and os.access(path, os.W_OK)
    return os.access(path.parent, os.W_OK)
