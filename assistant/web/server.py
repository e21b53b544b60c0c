"""Listens on an address, and serves the page in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import socket
import threading
from asyncio import sslproto
from dataclasses import dataclass
from typing import Any

import uvicorn

from assistant.errors import ConfigError
from assistant.web.access.bounded_listener import BoundedListener
from assistant.web.access.certificate import Certificate
from assistant.web.access.hosts import is_loopback
from assistant.web.access.limits import Limits
from assistant.web.access.timeouts import protocol_with_timeouts

CLOSE_S = 3.0
BACKLOG = 128
TLS_BUFFER_BYTES = 16 * 1024
"""Asyncio's read buffer for each TLS connection: one record of TLS instead of sixteen, to save memory."""

M_MMAP_THRESHOLD, LARGE_BYTES = -3, 1 << 20
"""glibc gives larger blocks back to the system as soon as they are freed, see mallopt(3).

Without this, glibc keeps the memory of large uploads for later ones.
"""

GOODBYE_S = 2.0
"""A client may take this long to end TLS after the last answer."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """The address on which the page listens."""

    listener: socket.socket
    host: str
    port: int

    @property
    def is_open(self) -> bool:
        """True when other machines reach the address."""
        return not is_loopback(self.host)

    @property
    def url(self) -> str:
        """The address for a browser on this machine, or on another machine when those reach it."""
        host = socket.gethostname() if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared alone
        scheme = "https" if self.is_open else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"


def listen(host: str, port: int) -> Address:
    """Listen on an address; raise ConfigError when it is not this machine's, or another program has it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(found[0], found[1])
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(found[4])
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"the page cannot listen on {host}:{port}: {why}; set web.host or web.port") from error
    address = listener.getsockname()
    return Address(listener, str(address[0]), int(address[1]))


class Server:
    """Serves an application on an address, with TLS when there is a certificate."""

    def __init__(self, app: Any, address: Address, certificate: Certificate | None, limits: Limits) -> None:
        tls: dict[str, Any] = {}
        if certificate is not None:
            tls = {"ssl_certfile": certificate.certificate, "ssl_keyfile": certificate.key}
        self._listener = BoundedListener(address.listener, limits, is_tls=certificate is not None)
        self._handshake_s = limits.handshake_s
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol_with_timeouts(limits, self._listener),
                backlog=BACKLOG,
                ws="none",
                lifespan="on",
                loop="asyncio",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                limit_concurrency=limits.connections,
                timeout_keep_alive=int(limits.request_s),
                timeout_graceful_shutdown=1,
                **tls,
            )
        )
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)

    def start(self) -> None:
        """Serve in another thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving; clients that still read are disconnected."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        _set_up_libraries()
        try:
            with contextlib.closing(self._listener), asyncio.Runner(loop_factory=self._loop) as runner:
                runner.run(self._server.serve(sockets=[self._listener]))
        except (Exception, SystemExit) as error:  # a page that fails must not stop the headset
            logger.error("the page has stopped: %r; start the program again to have it back", error)

    def _loop(self) -> asyncio.AbstractEventLoop:
        return _Loop(self._handshake_s)


def _set_up_libraries() -> None:
    """Set what libraries keep for the whole process; no other part of the program depends on these settings."""
    for name in ("uvicorn.error", "python_multipart"):  # clients' mistakes must not fill the log
        logging.getLogger(name).setLevel(logging.ERROR)
    sslproto.SSLProtocol.max_size = TLS_BUFFER_BYTES
    with contextlib.suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


class _Loop(asyncio.SelectorEventLoop):
    """Asyncio's loop, with limits for the beginning and the end of TLS, which uvicorn cannot set."""

    def __init__(self, handshake_s: float) -> None:
        super().__init__()
        self._handshake_s = handshake_s

    async def create_server(self, *arguments: Any, **options: Any) -> asyncio.Server:
        """Create a server; one with TLS gets these limits."""
        if options.get("ssl"):
            options |= {"ssl_handshake_timeout": self._handshake_s, "ssl_shutdown_timeout": GOODBYE_S}
        return await super().create_server(*arguments, **options)
