"""The control socket, which takes requests of `assistant ctl` and other programs of the same user, in a thread."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import selectors
import socket
import stat
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from assistant.controls.commands import Inbox, Input, Request
from assistant.controls.protocol import (
    LONGEST_REQUEST,
    ControlError,
    Conversation,
    Limits,
    answer_line,
    refusal_line,
)
from assistant.errors import ConfigError

SOCKET_NAME = "control.sock"
PROGRAM = "emotion-assistant"

logger = logging.getLogger(__name__)


def socket_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the socket of a program with this environment."""
    return _folder(environment) / SOCKET_NAME


def _folder(environment: Mapping[str, str]) -> Path:
    given = environment.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given).resolve()  # systemd may give a link
    session = environment.get("XDG_RUNTIME_DIR", "")
    if session and os.access(session, os.W_OK):
        return Path(session) / PROGRAM
    return Path(tempfile.gettempdir()) / f"{PROGRAM}-{os.getuid()}"


class ControlSocket:
    """Takes requests from at most `limits.clients` clients at a time, and sends the answers."""

    def __init__(
        self, path: Path | None = None, limits: Limits = Limits(), wake: Callable[[], None] = lambda: None
    ) -> None:
        """Begin to listen; raise ConfigError when an assistant already runs, ControlError without a socket.

        `wake` is called with each request.
        """
        self._path = path or socket_path()
        self._limits = limits
        self._folder_lock, self._listener = _listen(self._path)
        self._inbox = Inbox(wake)
        self._answers: deque[tuple[socket.socket, bytes]] = deque()
        self._clients: dict[socket.socket, Conversation] = {}
        self._closing = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for each in (self._listener, self._wake_reader, self._wake_writer):
            each.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, lambda: self._wake_reader.recv(4096))
        self._thread = threading.Thread(target=self._run, name="control socket", daemon=True)
        self._thread.start()

    def take(self) -> list[Input]:
        """Return the requests since the last call; the caller must reply to each."""
        return self._inbox.take()

    def close(self) -> None:
        """Send the answers that are ready, refuse the other requests, and remove the socket."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._wake()
        self._thread.join()
        self._path.unlink(missing_ok=True)
        os.close(self._folder_lock)

    def _reply(self, client: socket.socket, answer: Mapping[str, Any]) -> None:
        self._answers.append((client, answer_line(answer)))
        self._wake()

    def _wake(self) -> None:
        # A full pipe wakes the thread as well, and after the thread has ended the pipe is closed.
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"!")

    def _run(self) -> None:
        ending = False
        while not ending:
            for key, _ in self._selector.select(self._wait_s()):
                key.data()
            ending = self._closing.is_set()  # read before the last answers are sent, so that none is lost in between
            self._send_answers()
            self._refuse_late()
        for client in list(self._clients):
            self._finish(client, refusal_line("the assistant ends"))
        for each in (self._selector, self._listener, self._wake_reader, self._wake_writer):
            each.close()

    def _wait_s(self) -> float | None:
        now = time.monotonic()
        return min((each.left_s(now) for each in self._clients.values()), default=None)

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except BlockingIOError:
            return  # the client has gone again
        except OSError as error:
            logger.warning("control socket: %s", error.strerror)
            self._closing.wait(1.0)  # there are no free files: trying again at once would use the whole processor
            return
        client.setblocking(False)
        full = len(self._clients) >= self._limits.clients
        self._clients[client] = Conversation(time.monotonic(), self._limits)
        self._selector.register(client, selectors.EVENT_READ, partial(self._receive, client))
        if full:
            self._finish(client, refusal_line("too many requests at a time; try again"))

    def _receive(self, client: socket.socket) -> None:
        try:
            data = client.recv(LONGEST_REQUEST + 1)
        except OSError:
            data = b""
        if not data:
            self._finish(client)
            return
        try:
            command = self._clients[client].receive(data, time.monotonic())
        except ControlError as error:
            self._finish(client, refusal_line(error))
            return
        if command is not None:
            self._selector.unregister(client)  # the client may have closed its half; only the answer matters now
            self._inbox.put(Request(command, partial(self._reply, client)))

    def _send_answers(self) -> None:
        while self._answers:
            self._finish(*self._answers.popleft())

    def _refuse_late(self) -> None:
        now = time.monotonic()
        for client in [client for client, each in self._clients.items() if not each.left_s(now)]:
            self._finish(client, refusal_line(self._clients[client].timeout_error()))

    def _finish(self, client: socket.socket, last_words: bytes = b"") -> None:
        """Send the last bytes and close the connection; for a client that is gone, do nothing.

        What can be sent at once is far more than an answer.
        """
        conversation = self._clients.pop(client, None)
        if conversation is None:
            return
        if not conversation.asked:
            self._selector.unregister(client)
        with contextlib.suppress(OSError):
            client.send(last_words)
        client.close()


def _listen(path: Path) -> tuple[int, socket.socket]:
    """Return the lock on the socket's folder, which the kernel releases when the program ends, and the socket."""
    try:
        _make_private(path.parent)
        lock = _lock(path)
    except OSError as error:
        raise ControlError(f"control socket {path}: {error.strerror}") from error
    try:
        return lock, _bind(path)
    except OSError as error:
        os.close(lock)
        raise ControlError(f"control socket {path}: {error.strerror or error}") from error


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise ControlError(f"control socket: {folder} must be a folder of this user that no one else may write to")


def _lock(path: Path) -> int:
    lock = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise ConfigError(f"the assistant is already running: {path}") from error
    return lock


def _bind(path: Path) -> socket.socket:
    if path.is_socket():
        path.unlink()  # its program has ended: otherwise that program would hold the lock
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(0o600)  # nobody can connect before `listen`
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
