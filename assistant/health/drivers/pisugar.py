"""Asks the server of a PiSugar board how full its battery is (github.com/PiSugar/pisugar-power-manager-rs)."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

from assistant.errors import BatteryError
from assistant.health.battery import Charge

SOCKET = Path("/tmp/pisugar-server.sock")  # noqa: S108 - the server's own choice
ADDRESS = ("127.0.0.1", 8423)
TIMEOUT_S = 3.0
LONGEST_ANSWER = 4096
"""The server also sends the presses of its button, a line each; so much is read at most."""


class PiSugar:
    """PiSugar's server; one connection is kept, because some of its versions go on reading a closed one for ever."""

    name = "PiSugar's server"

    def __init__(self, path: Path = SOCKET, address: tuple[str, int] | None = None) -> None:
        """Without an `address`, only the socket with this path is tried."""
        self._path = path
        self._address = address
        self._connection: socket.socket | None = None

    def read(self) -> Charge | None:
        """Return the charge; None when there is no server. BatteryError is raised when it does not give it."""
        connection = self._connection or self._connected()
        if connection is None:
            return None
        self._connection = connection
        try:
            percent = float(_asked(connection, "battery"))
            return Charge.checked(percent, {"true": True, "false": False}.get(_asked(connection, "battery_charging")))
        except (OSError, ValueError) as error:
            self.close()
            raise BatteryError(f"{self.name} does not say how full the battery is: {error}") from error

    def close(self) -> None:
        """Close the connection; the next reading opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> socket.socket | None:
        refused: OSError | None = None
        try:
            return _connection(socket.AF_UNIX, str(self._path))
        except FileNotFoundError:
            pass
        except OSError as error:
            refused = error
        if self._address is not None:
            with contextlib.suppress(OSError):
                return _connection(socket.AF_INET, self._address)
        if refused is not None:
            raise BatteryError(f"{self._path}: {refused.strerror or refused}")
        return None


def _connection(family: socket.AddressFamily, address: str | tuple[str, int]) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(TIMEOUT_S)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _asked(connection: socket.socket, what: str) -> str:
    """Return the answer to `get ...`; raise ValueError when it is none, and OSError when none comes in time."""
    until_s = time.monotonic() + TIMEOUT_S
    connection.sendall(f"get {what}\n".encode())
    received = b""
    while time.monotonic() < until_s and len(received) < LONGEST_ANSWER:
        data = connection.recv(LONGEST_ANSWER)
        if not data:
            raise OSError("the connection was closed")
        received += data
        *lines, _ = received.decode("ascii", errors="replace").split("\n")
        for line in lines:
            key, colon, value = line.partition(":")
            if colon and key.strip() == what:
                return value.strip()
            if line.startswith("Invalid"):
                raise ValueError(line.strip())
    raise TimeoutError("no answer came in time")
