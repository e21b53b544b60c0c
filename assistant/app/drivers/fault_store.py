"""Keeps the faults that were said in a small file. The file outlives the program, but not a restart of the machine."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.app.reporting.fault_reporter import FaultStore, NoFaultStore
from assistant.files import replaced_atomically

FILE_NAME = "told.json"
LARGEST_BYTES = 4096

logger = logging.getLogger(__name__)


class FaultFile:
    """A JSON list in one file; a damaged file counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._works = True

    def load(self) -> Sequence[str]:
        """Return the stored faults."""
        try:
            with self._path.open("rb") as file:
                faults = json.loads(file.read(LARGEST_BYTES))
        except (OSError, ValueError, RecursionError):
            return ()
        return tuple(faults) if isinstance(faults, list) and all(isinstance(each, str) for each in faults) else ()

    def save(self, faults: Sequence[str]) -> bool:
        """Store these faults and return whether that worked; the first failure is logged."""
        try:
            with replaced_atomically(self._path) as unfinished:
                unfinished.write_text(json.dumps(list(faults)), encoding="ascii")
        except OSError as error:
            if self._works:
                logger.warning("%s: the faults that were said cannot be stored: %s", self._path, error.strerror)
            self._works = False
        else:
            self._works = True
        return self._works


def fault_store(environment: Mapping[str, str] = os.environ) -> FaultStore:
    """Return a file in the folder that systemd keeps while the service runs, or a store that keeps nothing."""
    folder = environment.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return FaultFile(Path(folder) / FILE_NAME) if folder else NoFaultStore()
