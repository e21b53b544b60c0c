"""A browser without a screen, for the benchmarks of the page."""

from __future__ import annotations

import re
import ssl
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

BOUNDARY = "a-boundary-of-the-benchmark"


class Client:
    """A browser that has logged in with the token."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self._url = f"https://127.0.0.1:{port}"
        handlers = (urllib.request.HTTPSHandler(context=self.tls), urllib.request.HTTPCookieProcessor())
        self._opener = urllib.request.build_opener(*handlers)
        form = urlencode({"csrf": self._form_token(), "token": token}).encode()
        self._post("/login", form, "application/x-www-form-urlencoded")
        self._csrf = self._form_token()

    def set_device(self, device: str) -> None:
        """Set the sound device; OSError is raised when the page refuses it."""
        form = urlencode({"csrf": self._csrf, "section": "voice", "voice.device": device}).encode()
        self._post("/settings", form, "application/x-www-form-urlencoded")

    def upload(self, picture: bytes) -> None:
        """Send a picture to be classified; OSError is raised when the page refuses it."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self._csrf}\r\n--{BOUNDARY}\r\n'
        head += 'Content-Disposition: form-data; name="pictures"; filename="large.jpg"\r\n\r\n'
        body = head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
        self._post("/try", body, f"multipart/form-data; boundary={BOUNDARY}")

    def watch(self, path: str) -> Iterator[bytes]:
        """Yield what a stream of the page sends, piece by piece."""
        with self._opener.open(f"{self._url}{path}", timeout=60) as stream:
            while piece := stream.read(4096):
                yield piece

    def _form_token(self) -> str:
        with self._opener.open(f"{self._url}/login", timeout=60) as page:
            found = re.search(r'name="csrf" content="([0-9a-f]+)"', page.read().decode())
        assert found is not None
        return found[1]

    def _post(self, path: str, body: bytes, kind: str) -> None:
        headers = {"Content-Type": kind, "Origin": self._url, "Accept": "text/html"}
        with self._opener.open(urllib.request.Request(self._url + path, body, headers), timeout=120) as answer:  # noqa: S310 - https
            answer.read()
