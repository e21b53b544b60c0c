"""Keeps what was told in a small file that outlives the program, not the machine's being switched off."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.app.fault_reporter import FaultStore, NoFaultStore
from assistant.files import replaced_atomically

FILE_NAME = "told.json"
LARGEST_BYTES = 4096

logger = logging.getLogger(__name__)


class FaultFile:
    """A JSON list in one file; a damaged one is as none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._works = True

    def load(self) -> Sequence[str]:
        """What was kept."""
        try:
            with self._path.open("rb") as file:
                told = json.loads(file.read(LARGEST_BYTES))
        except (OSError, ValueError, RecursionError):
            return ()
        return tuple(told) if isinstance(told, list) and all(isinstance(each, str) for each in told) else ()

    def save(self, told: Sequence[str]) -> bool:
        """Keep this; where that cannot be done, the log tells, once."""
        try:
            with replaced_atomically(self._path) as unfinished:
                unfinished.write_text(json.dumps(list(told)), encoding="ascii")
        except OSError as error:
            if self._works:
                logger.warning("%s: what was told is not kept: %s", self._path, error.strerror)
            self._works = False
        else:
            self._works = True
        return self._works


def fault_store(environment: Mapping[str, str] = os.environ) -> FaultStore:
    """In the folder that systemd keeps for the service until it is stopped, if there is one."""
    folder = environment.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return FaultFile(Path(folder) / FILE_NAME) if folder else NoFaultStore()
