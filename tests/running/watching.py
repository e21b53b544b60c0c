"""Waiting for programs, voices and files, and reading how they are."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable

from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.speaker import Speaker


def until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Wait until the condition holds; fail when it does not hold within the time."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)


def changes(voice: Speaker | VoiceStatus) -> list[str | None]:
    """Return the changes of a voice since the last call: a failure in words, None where it works again."""
    return [None if status.error is None else str(status.error) for status in voice.take_changes()]


def children(name: str) -> list[int]:
    """Return the process ids of the children of this process that run a program of this name."""
    listed = subprocess.run(
        ["ps", "--no-headers", "-o", "pid=,comm=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if line.split()[1] == name]
