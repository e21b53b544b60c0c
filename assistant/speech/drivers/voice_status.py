"""What the parts of the voice share: where phrases sound, who fails, and child processes that can be killed."""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from typing import BinaryIO, Protocol

from assistant.errors import SpeechError
from assistant.speech.drivers.wav import Samples
from assistant.speech.speaker import VoiceChange

POLL_S = 0.01
REAP_TIMEOUT_S = 1.0
"""A child that was killed may wait in a driver that hangs, and cannot end before that does."""

MOST_CHANGES = 10
"""So many are kept until somebody takes them, the newest."""

INSTALL_HINT = "sudo apt install espeak-ng libespeak-ng1 alsa-utils"

logger = logging.getLogger(__name__)


class Outlet(Protocol):
    """Where phrases sound: `begin`, an `add` for each part, `end`."""

    def begin(self, name: str) -> None:
        """A phrase of this name begins."""

    def add(self, samples: Samples) -> None:
        """Its next part, which begins to sound after those before."""

    def end(self) -> None:
        """It has no more parts: wait until it is over; SpeechError when it could not be put out."""

    def cut(self) -> None:
        """What sounds is cut off."""

    def set_volume(self, volume: float) -> None:
        """From now on, 0 to 1."""

    def close(self, *, finish: bool) -> None:
        """End it: with `finish` when all was put out, else at once."""


class VoiceStatus:
    """Which parts of the voice fail: each failure is told once until that part works again, and the end of all."""

    def __init__(self) -> None:
        self._failing: set[str] = set()
        self._changes: collections.deque[VoiceChange] = collections.deque(maxlen=MOST_CHANGES)
        self._lock = threading.Lock()

    def failed(self, part: str, error: Exception) -> None:
        """A part failed, perhaps again."""
        with self._lock:
            if part not in self._failing:
                logger.warning("the voice fails: %s", error)
                self._failing.add(part)
                told = error if isinstance(error, SpeechError) else SpeechError(repr(error))
                self._changes.append(VoiceChange(told))

    def worked(self, part: str) -> None:
        """A part works, perhaps again."""
        with self._lock:
            if part in self._failing:
                self._failing.remove(part)
                logger.info("the voice works again" if not self._failing else f"the {part} works again")
                if not self._failing:
                    self._changes.append(VoiceChange())

    def is_failing(self, part: str) -> bool:
        """Whether it failed the last time."""
        with self._lock:
            return part in self._failing

    def take_changes(self) -> Sequence[VoiceChange]:
        """The failures since the last call, and where all worked again, in the order in which they came."""
        with self._lock:
            changes = tuple(self._changes)
            self._changes.clear()
            return changes


def run_until(command: Sequence[str], cancelled: threading.Event, timeout_s: float, name: str, given: str = "") -> bool:
    """Run a command on a given text as a process group that is killed when cancelled or when its time is over.

    Returns False when it was cancelled; raises SpeechError when it failed or took too long.
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
    """No file of a folder: a full card is no hindrance."""
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
    """End a child that leads a process group, and the group, at once; nothing to do when it has ended."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
            os.killpg(child.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(REAP_TIMEOUT_S)


def last_line(errors: bytes) -> str:
    """Of what a program complained of."""
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "ended without a word"
