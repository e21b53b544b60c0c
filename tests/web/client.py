"""A small client, which sends to a page what a browser sends, or something worse."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Answer:
    """The answer of the page."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """A client that keeps its cookies and sends the token of each form, as a browser does."""

    def __init__(self, url: str, *, host: str | None = None) -> None:
        """Make a client of the page at this address, under this name."""
        parts = urlsplit(url)
        self.port = parts.port or 0
        self.is_tls = parts.scheme == "https"
        self.host = host or f"127.0.0.1:{self.port}"
        self.cookie = ""

    @property
    def origin(self) -> str:
        """The client's own origin."""
        return f"{'https' if self.is_tls else 'http'}://{self.host}"

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection, over TLS if the page needs it."""
        if not self.is_tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE_S, context=context)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request; the names of headers are written with underscores."""
        connection = self.connect()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            cookie = {"cookie": self.cookie} if self.cookie else {}
            connection.request(method, path, body, {"host": self.host, **cookie, **named})
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self._keep(found)
        return found

    def get(self, path: str, **headers: str) -> Answer:
        """Load a page."""
        return self.ask("GET", path, accept="text/html", **headers)

    def form_token(self, path: str = "/login") -> str:
        """Return the token that the forms of the page carry."""
        match = re.search(r'name="csrf" content="([0-9a-f]+)"', self.get(path).text)
        assert match is not None
        return match[1]

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form as a browser does."""
        body = urlencode({"csrf": self.form_token(), **fields}).encode()
        sent = {"accept": "text/html", "content_type": "application/x-www-form-urlencoded", "origin": self.origin}
        return self.ask("POST", path, body, **sent | headers)

    def upload(self, *files: tuple[str, bytes], csrf: str | None = None, **fields: str) -> Answer:
        """Send pictures as a browser does."""
        token = self.form_token() if csrf is None else csrf
        body = multipart(files, {"csrf": token, **fields})
        return self.ask(
            "POST", "/try", body, accept="text/html", content_type=f"multipart/form-data; boundary={BOUNDARY}"
        )

    def frame(self, picture: bytes, visitor: str = "0123456789abcdef", token: str | None = None) -> Answer:
        """Send a frame of a browser's camera."""
        csrf = self.form_token() if token is None else token
        return self.ask("POST", "/try/frame", picture, x_csrf_token=csrf, x_visitor=visitor)

    def _keep(self, answer: Answer) -> None:
        for cookie in answer.headers.get_all("set-cookie") or ():
            self.cookie = cookie.partition(";")[0]


BOUNDARY = "a-boundary-of-the-tests"


def multipart(files: tuple[tuple[str, bytes], ...], fields: dict[str, str]) -> bytes:
    """Return a body of multipart/form-data."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, data in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pictures"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def connected(client: Client) -> socket.socket:
    """Open a bare connection."""
    return socket.create_connection(("127.0.0.1", client.port), timeout=20)


def ends_after_s(connection: socket.socket, drop: bytes = b"", *, began_s: float | None = None) -> float:
    """Send a few bytes now and then until the other side closes; return the seconds that it took.

    They count from ``began_s``, by ``time.monotonic``. The other side counts from when it accepts
    the connection, which may be before this is called: whoever asks whether it waits long enough
    gives a moment before the connection was opened.
    """
    began_s = time.monotonic() if began_s is None else began_s
    connection.settimeout(0.1)
    while time.monotonic() - began_s < 15:
        try:
            if drop:
                connection.sendall(drop)
            if not connection.recv(4096):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began_s
