"""Runs programs for the report, and turns whatever keeps a figure from being measured into a line."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path


class MissingError(Exception):
    """A figure cannot be measured on this machine; the message says why."""


def output_of(command: Sequence[str], timeout_s: float = 60, *, may_fail: bool = False) -> str:
    """Return what a command prints; raise MissingError with the last line of its errors when it fails."""
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise MissingError(f"{Path(command[0]).name} did not end within {timeout_s:g} s") from None
    except OSError as error:
        raise MissingError(f"{command[0]}: {error.strerror}") from error
    if ended.returncode and not may_fail:
        raise MissingError(last_line(ended.stderr) or f"{Path(command[0]).name} ended with {ended.returncode}")
    return ended.stdout


def last_line(text: str) -> str:
    """Return the last line that is not empty."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def section(title: str, measure: Callable[[], str]) -> str:
    """Return a heading with what was measured below it, or why it was not; each line is indented by four spaces."""
    try:
        found = measure().strip("\n") or "nothing"
    except (MissingError, OSError, subprocess.SubprocessError, ValueError, LookupError) as reason:
        found = f"not known: {reason}"
    return "\n".join([f"## {title}", "", *(f"    {line}".rstrip() for line in found.splitlines()), ""])
