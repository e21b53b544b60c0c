"""Child processes that can be killed, with all that they started, at any moment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from typing import BinaryIO

from assistant.errors import SpeechError

POLL_S = 0.01
REAP_TIMEOUT_S = 1.0
"""How long we wait for a killed child: while it is inside a driver that hangs, it cannot end."""

INSTALL_HINT = "sudo apt install espeak-ng libespeak-ng1 alsa-utils"


def run_until(command: Sequence[str], cancelled: threading.Event, timeout_s: float, name: str, given: str = "") -> bool:
    """Run a command with `given` as its standard input; kill its process group when cancelled or out of time.

    Returns False when it was cancelled; raises SpeechError, which begins with `name`, when it failed or took too long.
    """
    with _file_in_memory() as text, _file_in_memory() as errors:
        text.write(given.encode(errors="replace"))
        text.seek(0)
        child = _started(command, name, text, errors)
        try:
            _wait(child, cancelled, timeout_s)
            if child.poll() is None and not cancelled.is_set():
                raise SpeechError(f"{name} took more than {timeout_s:g} seconds and was ended")
        finally:
            kill_group(child)
        if cancelled.is_set():
            return False
        if child.returncode < 0:
            raise SpeechError(f"{name} was killed by signal {-child.returncode}")
        if child.returncode:
            errors.seek(0)
            raise SpeechError(f"{name} failed: {last_line(errors.read())}")
    return True


def _file_in_memory() -> BinaryIO:
    """Return a file that is in no folder, so that it works when the memory card is full."""
    return open(os.memfd_create("emotion-assistant"), "w+b")


def _started(command: Sequence[str], name: str, text: BinaryIO, errors: BinaryIO) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdin=text, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)
    except OSError as error:
        raise SpeechError(f"{name} cannot be started: {error}; {INSTALL_HINT}") from error


def _wait(child: subprocess.Popen[bytes], cancelled: threading.Event, timeout_s: float) -> None:
    for _ in range(int(timeout_s / POLL_S)):
        if child.poll() is not None or cancelled.wait(POLL_S):
            return


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child that leads a process group, and the group; do nothing when the child has ended."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # the child ended by itself just now
            os.killpg(child.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(REAP_TIMEOUT_S)


def last_line(errors: bytes) -> str:
    """Return the last line that a program wrote to standard error."""
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "ended without a message"
