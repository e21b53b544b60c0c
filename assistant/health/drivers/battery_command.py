"""Runs the wearer's own command, which prints how full the battery is."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence

from assistant.errors import BatteryError, shown
from assistant.health.battery import Charge

TIMEOUT_S = 5.0
LONGEST_ANSWER = 200
"""Of what the command prints, at most this many bytes of the first line are read."""

REAP_TIMEOUT_S = 1.0

_CHARGING = {"": None, "charging": True, "discharging": False}


class BatteryCommand:
    """A command that prints a percentage, such as `84` or `84.2%`, and behind it `charging` while it charges."""

    def __init__(self, words: Sequence[str], timeout_s: float = TIMEOUT_S) -> None:
        self.name = f"the command {words[0]}"
        self._words = words
        self._timeout_s = timeout_s
        self._child: subprocess.Popen[bytes] | None = None

    def read(self) -> Charge:
        """Run the command; raise BatteryError when it fails, prints something else or takes too long."""
        line = self._first_line()
        try:
            return parse_charge(line)
        except BatteryError as error:
            raise BatteryError(f"{self.name} printed {error}") from None

    def close(self) -> None:
        """Kill the command if it runs; another thread may call this."""
        child = self._child
        if child is not None and child.poll() is None:
            _kill(child)

    def _first_line(self) -> str:
        quiet = subprocess.DEVNULL
        try:
            child = subprocess.Popen(
                self._words, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, start_new_session=True
            )
        except (OSError, ValueError) as error:
            raise BatteryError(f"{self.name} cannot be started: {error}") from error
        assert child.stdout is not None
        self._child = child
        with child.stdout as output:
            try:
                return self._read_line(output.fileno())
            finally:
                _kill(child)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(REAP_TIMEOUT_S)

    def _read_line(self, output: int) -> str:
        received = b""
        until_s = time.monotonic() + self._timeout_s
        while b"\n" not in received and len(received) < LONGEST_ANSWER:
            ready, _, _ = select.select([output], [], [], max(0.0, until_s - time.monotonic()))
            if not ready:
                raise BatteryError(f"{self.name} took more than {self._timeout_s:g} seconds and was ended")
            data = os.read(output, LONGEST_ANSWER)
            if not data:
                break
            received += data
        return received.partition(b"\n")[0][:LONGEST_ANSWER].decode(errors="replace").strip()


def parse_charge(line: str) -> Charge:
    """Return the charge that a command has printed; raise BatteryError when the line has another form."""
    number, _, word = line.strip().partition(" ")
    try:
        percent, is_charging = float(number.removesuffix("%")), _CHARGING[word.strip()]
        return Charge.checked(percent, is_charging)
    except (ValueError, KeyError):
        raise BatteryError(f"{shown(line)}: a percentage is needed, such as 84") from None


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the command with all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
