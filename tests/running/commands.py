"""A command that runs to its end, and its output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command that has ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Standard output, read as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    def said(self) -> list[str]:
        """Return the phrases that were said in full: none that was dropped or cut."""
        return [
            event["text"] for event in self.events if event["type"] == "said" and not event.keys() & {"dropped", "cut"}
        ]

    def complaint(self) -> str:
        """Return the only line on standard error; fail where there are more or fewer."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


Run = Callable[..., Ran]


def run_module(module: str, arguments: Sequence[object], **environment: str) -> Ran:
    """Run `python -m MODULE` as a person would."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=os.environ | environment, check=False
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)
