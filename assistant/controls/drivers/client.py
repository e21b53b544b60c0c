"""Sends a request to the assistant that runs, through its control socket."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Any

from assistant.controls.commands import Command
from assistant.controls.drivers.control_socket import SOCKET_NAME, socket_path
from assistant.controls.protocol import ControlError, Limits, parse_answer

SERVICE_SOCKET = Path("/run/emotion-assistant") / SOCKET_NAME
"""The socket of the systemd service."""

ANSWER_TIMEOUT_S = Limits().request_s + Limits().answer_s
LONGEST_ANSWER = 65536


def send(request: Command, path: Path | None = None) -> dict[str, Any]:
    """Return the answer of the assistant that runs; raise ControlError when none runs, or when it does not answer."""
    path = path or _running_path()
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_TIMEOUT_S)
            connection.connect(str(path))
            with contextlib.suppress(BrokenPipeError):  # the assistant has refused already; its answer says why
                connection.sendall(f"{request}\n".encode())
            return parse_answer(_first_line(connection))
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise ControlError(f"the assistant is not running: nothing listens at {path}") from error
    except PermissionError as error:
        raise ControlError(f"the assistant runs as another user: {path}; try with sudo") from error
    except OSError as error:
        raise ControlError(f"the assistant does not answer: {path}: {error.strerror or error}") from error


def _running_path() -> Path:
    """Return the socket of the user's own assistant, or else the service's."""
    own = socket_path()
    return SERVICE_SOCKET if os.path.exists(SERVICE_SOCKET) and not os.path.exists(own) else own


def _first_line(connection: socket.socket) -> bytes:
    received = b""
    while b"\n" not in received and len(received) <= LONGEST_ANSWER:
        data = connection.recv(4096)
        if not data:
            break
        received += data
    return received
