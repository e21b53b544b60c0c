"""What happens, as JSON lines: one event a line, written at once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TextIO

from assistant.errors import ConfigError


class EventLog:
    """Writes events to a file, which is begun with the first of them, or to a stream, or nowhere."""

    def __init__(self, target: Path | TextIO | None) -> None:
        """ConfigError when there can be no such file."""
        self._path = target if isinstance(target, Path) else None
        self._stream = None if isinstance(target, Path) else target
        if self._path is not None and (self._path.is_dir() or not os.access(self._path.parent, os.W_OK)):
            raise ConfigError(f"--events {self._path}: cannot be written there")

    def write(self, t_s: float, kind: str, **fields: Any) -> None:
        """Write one event that happened at `t_s` seconds."""
        if self._stream is None and self._path is not None:
            self._stream = self._path.open("w", encoding="utf-8")
        if self._stream is not None:
            print(json.dumps({"t": round(t_s, 3), "type": kind, **fields}), file=self._stream, flush=True)
