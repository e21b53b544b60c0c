"""What happens, as JSON lines: one event a line, written at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from assistant.errors import ConfigError


class EventLog:
    """Writes events to a stream, or nowhere."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, t_s: float, kind: str, **fields: Any) -> None:
        """Write one event that happened at `t_s` seconds."""
        if self._stream is not None:
            print(json.dumps({"t": round(t_s, 3), "type": kind, **fields}), file=self._stream, flush=True)


def open_events(target: str, standard_output: TextIO) -> TextIO:
    """The stream for `--events`: a file, or standard output for `-`; ConfigError when it cannot be written."""
    if target == "-":
        return standard_output
    try:
        return Path(target).open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"--events {target}: cannot be written: {error.strerror}") from error
