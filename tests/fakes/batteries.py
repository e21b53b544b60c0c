"""Batteries that a test acts: readings that were written before, a made `/sys` tree, and PiSugar's server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from pathlib import Path

from assistant.health.battery import BatteryReading, Charge


class ScriptedBattery:
    """A battery whose charge is read every five seconds of a clock; the last charge stays."""

    def __init__(self, *charges: Charge | float | None) -> None:
        self._charges = [each if isinstance(each, Charge) or each is None else Charge(each) for each in charges]
        self._asked = 0
        self.is_closed = False

    def latest(self) -> BatteryReading | None:
        """Return the next reading."""
        charge = self._charges[min(self._asked, len(self._charges) - 1)]
        self._asked += 1
        return None if charge is None else BatteryReading(5.0 * self._asked, charge)

    def close(self) -> None:
        """Keep that it was closed."""
        self.is_closed = True


def made_supply(folder: Path, name: str, **files: str) -> None:
    """Write the files of a power supply as the kernel does."""
    (folder / name).mkdir(parents=True)
    for file, content in files.items():
        (folder / name / file).write_text(f"{content}\n", encoding="ascii")


class PiSugarServer:
    """A server that answers as PiSugar's does; an answer of None closes the connection, `...` gives none."""

    def __init__(self, listener: socket.socket, answers: Mapping[str, str | None]) -> None:
        self.answers = dict(answers)
        self.connections = 0
        self._listener = listener
        self._stop = threading.Event()
        listener.settimeout(0.05)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and close every connection."""
        self._stop.set()
        self._thread.join()

    def _serve(self) -> None:
        with self._listener:
            while not self._stop.is_set():
                try:
                    connection, _ = self._listener.accept()
                except TimeoutError:
                    continue
                self.connections += 1
                with connection:
                    connection.settimeout(0.05)
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        while not self._stop.is_set():
            try:
                asked = connection.recv(100).decode()
            except TimeoutError:
                continue
            if not asked:
                return
            answer = self.answers.get(asked.strip(), "Invalid request.\n")
            if answer is None:
                return
            connection.sendall(answer.encode())
