"""A sound card for one program at a time: its own `aplay` fails while another `aplay` plays."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import TextIO

import numpy as np
import pytest

EXCLUSIVE = """#!/bin/bash
case "$*" in *nowhere*) echo "aplay: main:831: audio open error: No such file or directory" >&2; exit 1 ;; esac
exec 9>>"$0.lock"
flock -n 9 || { echo "aplay: main:831: audio open error: Device or resource busy" >&2; exit 1; }
case "$*" in */dev/null) exit 0 ;; esac
exec cat >>"$0.played"
"""


class ExclusiveCard:
    """A sound card that plays for one program at a time and keeps what it has played."""

    def __init__(self, folder: Path) -> None:
        if not all(map(shutil.which, ("flock", "espeak-ng"))):
            pytest.skip("flock or espeak-ng is not installed")
        self.folder = folder
        self._aplay = folder / "bin" / "aplay"
        self._aplay.parent.mkdir()
        self._aplay.write_text(EXCLUSIVE, encoding="ascii")
        self._aplay.chmod(0o755)

    def environment(self) -> dict[str, str]:
        """Return the environment of a program that plays on this card, with folders as systemd gives them."""
        folders = {f"{name}_DIRECTORY": str(self.folder) for name in ("RUNTIME", "STATE", "CACHE")}
        return {"PATH": f"{self._aplay.parent}:{os.environ['PATH']}", **folders}

    def take(self) -> TextIO:
        """Take the card as another program would, until the returned file is closed."""
        file = self._aplay.with_name("aplay.lock").open("a")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def played_s(self) -> float:
        """Return how many seconds of sound, without silence, the card has played in all."""
        played = self._aplay.with_name("aplay.played")
        data = played.read_bytes() if played.exists() else b""
        return np.count_nonzero(np.frombuffer(data[: len(data) // 2 * 2], dtype=np.int16)) / 2 / 22050

    def is_taken(self) -> bool:
        """Return whether a program has the card."""
        with self._aplay.with_name("aplay.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def told(self) -> list[str]:
        """Return the faults that the program has stored as said."""
        file = self.folder / "told.json"
        return list(json.loads(file.read_text())) if file.exists() else []
