"""Headsets that run, with their control socket and their page, for strangers to talk to."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.fuzz.case import Talk
from tests.fuzz.child import environment
from tests.fuzz.wire import CSRF, HOST, TOKEN

START_S = 60.0
FIRST_S = 2.0
"""Who gets no answer for this long has sent no whole request, and hangs up."""
MORE_S = 0.15
MOST_BYTES = 300_000
TURNED_AWAY = re.compile(rb"HTTP/1\.[01] 429 ")
FAILED = re.compile(rb"HTTP/1\.[01] (500|502) ")
Fault = tuple[str, str]


class Targets:
    """A headset whose page only this machine reaches, and one whose page is open over TLS; each starts when needed."""

    def __init__(self, folder: Path, patience_s: float) -> None:
        self._folder, self._patience_s = folder, patience_s
        self._running: dict[bool, Headset] = {}
        self._addresses = (f"127.{a}.{b}.{c}" for a in range(1, 250) for b in range(250) for c in range(1, 250))

    def talk(self, talk: Talk) -> tuple[float, list[Fault]]:
        """Send the bytes, and return how long that took and what is wrong afterwards."""
        begun = time.monotonic()
        is_open = talk.target == "tls"
        headset = self._running.get(is_open) or Headset(is_open=is_open)
        self._running[is_open] = headset
        found = list(self._heard(headset, talk))
        if any(name != "exit code" for name, _ in found) or not headset.runs():
            headset.close()
            del self._running[is_open]
        return time.monotonic() - begun, found

    def close(self) -> None:
        """End the headsets."""
        for headset in self._running.values():
            headset.close()

    def _heard(self, headset: Headset, talk: Talk) -> Iterator[Fault]:
        answer = b""
        for _ in range(20):
            answer = headset.answer(talk, next(self._addresses))
            if not TURNED_AWAY.match(answer):
                break
            time.sleep(0.2)
        if FAILED.match(answer):
            yield "exit code", f"answered {answer[:60]!r}"
        if talk.target == "socket" and answer and not re.fullmatch(rb'\{"ok": (true|false).*\}\n', answer):
            yield "exit code", f"answered {answer[:60]!r}"
        if not headset.answers(self._patience_s, next(self._addresses)) and headset.runs():
            yield "hang", f"no answer within {self._patience_s:g} s after it"
        said = headset.new_words()
        if "Traceback" in said or "the page failed" in said:
            yield "traceback", _last(said)
        if not headset.runs() and not (headset.code() == 0 and b"stop" in b"".join(talk.pieces)):
            code = headset.code()
            yield ("signal" if code < 0 else "exit code"), f"ended with {code}: {_last(said)}"


class Headset:
    """A running headset that sees nobody."""

    def __init__(self, *, is_open: bool) -> None:
        self._is_open = is_open
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-"))  # short: a socket's path is
        host = "0.0.0.0" if is_open else "127.0.0.1"  # noqa: S104 - TLS is for open pages
        (self._folder / "settings.toml").write_text(
            f'[web]\nenabled = true\nport = 0\nhost = "{host}"\n', encoding="ascii"
        )
        self._environment = environment(self._folder) | {
            "STATE_DIRECTORY": str(self._folder / "state"),
            "RUNTIME_DIRECTORY": str(self._folder),
        }
        self._log = self._folder / "log"
        self._read = 0
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command("run", "--control"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
            )
        self._await_page()

    def _command(self, *words: str) -> list[str]:
        config = ("--config", str(self._folder / "settings.toml"))
        camera = ("--camera", "simulated:empty 86400", "--fps", "1", "--voice", "none") if "run" in words else ()
        return [sys.executable, "-m", "assistant", *words, *camera, *config]

    def _await_page(self) -> None:
        """Wait until the page listens, then read what only the page knows."""
        deadline_s = time.monotonic() + START_S
        found = None
        while found is None or not (self._folder / "control.sock").exists():
            if not self.runs() or time.monotonic() > deadline_s:
                raise RuntimeError(f"the headset does not start: {self.new_words()}")
            time.sleep(0.05)
            found = re.search(r"https?://\S+", self._log.read_text(encoding="utf-8", errors="replace"))
        self._port = urlsplit(found[0]).port or 0
        asked = subprocess.run(
            self._command("web", "--token"), env=self._environment, capture_output=True, check=True, timeout=START_S
        )
        self._token = asked.stdout.strip()
        with contextlib.closing(self._connected("127.0.0.1")) as connection:
            connection.sendall(self._filled(b"GET /login HTTP/1.1\r\nHost: @HOST@\r\nAccept: text/html\r\n\r\n"))
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            page = answer.read()
        token = re.search(rb'name="csrf" content="([0-9a-f]{64})"', page)
        assert token is not None, page[:500]
        self._csrf = token[1]
        self.new_words()

    def _filled(self, data: bytes) -> bytes:
        filled = data.replace(HOST, b"127.0.0.1:%d" % self._port)
        return filled.replace(CSRF, getattr(self, "_csrf", CSRF)).replace(TOKEN, self._token)

    def _connected(self, address: str, *, is_bare: bool = False) -> socket.socket:
        connection = socket.socket()
        connection.settimeout(START_S)
        connection.bind((address, 0))
        connection.connect(("127.0.0.1", self._port))
        if not self._is_open or is_bare:
            return connection
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(connection)

    def answer(self, talk: Talk, address: str) -> bytes:
        """Return what comes back when a stranger sends this to the address."""
        try:
            if talk.target == "socket":
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(str(self._folder / "control.sock"))
            else:
                connection = self._connected(address, is_bare=talk.is_bare)
        except OSError:
            return b""  # whether it is still there is asked afterwards
        with contextlib.closing(connection), contextlib.suppress(OSError):
            for piece in talk.pieces:
                connection.sendall(self._filled(piece))
            if talk.target == "socket":
                connection.shutdown(socket.SHUT_WR)

            return _received(connection)
        return b""

    def answers(self, patience_s: float, address: str) -> bool:
        """Return whether the loop and the page still answer."""
        status = Talk("", (b"status\n",), "socket")
        health = Talk("", (b"GET /healthz HTTP/1.1\r\nHost: @HOST@\r\nConnection: close\r\n\r\n",), "page")
        deadline_s = time.monotonic() + patience_s
        for talk, right in ((status, b'{"ok": true'), (health, b"HTTP/1.1 200 ")):
            while not self.answer(talk, address).startswith(right):
                if time.monotonic() > deadline_s or not self.runs():
                    return False
                time.sleep(0.1)
        return True

    def runs(self) -> bool:
        """Return whether the headset has not ended."""
        return self._process.poll() is None

    def code(self) -> int:
        """The exit code."""
        return self._process.wait()

    def new_words(self) -> str:
        """Return what the headset has written since the last call."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            said = log.read()
        self._read += len(said)
        return said.decode("utf-8", errors="replace")

    def close(self) -> None:
        """End the headset."""
        if self.runs():
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _received(connection: socket.socket) -> bytes:
    """Receive until nothing more comes, or enough has come."""
    received = b""
    connection.settimeout(FIRST_S)
    with contextlib.suppress(OSError):
        while len(received) < MOST_BYTES:
            data = connection.recv(65536)
            if not data:
                break
            received += data
            connection.settimeout(MORE_S)
    return received


def _last(said: str) -> str:
    return next((line for line in reversed(said.splitlines()) if line.strip()), "")[:200]
