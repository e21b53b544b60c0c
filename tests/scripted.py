"""An engine that does what a test tells it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ScriptedEngine:
    """A line of shell, which finds the text in its standard input and the WAV file to write in $0."""

    script: str
    name: str = "scripted"
    voice: str = "none"
    rate_wpm: int = 175

    def command(self, target: Path) -> Sequence[str]:
        """The line."""
        return ("sh", "-c", self.script, str(target))

    def check(self) -> None:
        """Nothing is missing."""
