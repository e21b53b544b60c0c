"""A speech engine that does what a test scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ScriptedEngine:
    """Runs a line of shell, whose standard input is the text and whose $0 is the WAV file to write."""

    script: str
    name: str = "scripted"
    voice: str = "none"
    rate_wpm: int = 175

    def command(self, target: Path) -> Sequence[str]:
        """Return the command that runs the line."""
        return ("sh", "-c", self.script, str(target))

    def check(self) -> None:
        """Accept: this engine needs nothing that could be missing."""
