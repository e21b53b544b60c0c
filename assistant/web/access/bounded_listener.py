"""A listening socket that limits the number of connections before TLS and HTTP begin."""

from __future__ import annotations

import contextlib
import logging
import resource
import socket
import time
from typing import Any

from assistant.web.access.limits import Limits
from assistant.web.access.rates import Rates

LOG_AGAIN_S = 600.0

logger = logging.getLogger(__name__)


class BoundedListener(socket.socket):
    """Accepts connections, and closes those that are above the limits. Only one event loop may use it."""

    def __init__(self, listener: socket.socket, limits: Limits, *, is_tls: bool) -> None:
        """Take the file descriptor of `listener`, which cannot be used any more."""
        super().__init__(fileno=listener.detach())
        self._most = min(limits.sockets, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4)
        self._most_handshaking = min(limits.unfinished_handshakes, self._most) if is_tls else self._most
        self._rates = Rates(limits.arrivals_a_second, limits.arrivals_at_once)
        self._all_rates = Rates(2 * limits.arrivals_a_second, 2 * limits.arrivals_at_once)
        self._open: dict[int, socket.socket] = {}
        self._handshaking: dict[int, socket.socket] = {}
        """The connections whose TLS handshake is not finished, the oldest first."""

        self._leaving: dict[int, socket.socket] = {}
        """The connections that were shut down but are not closed yet."""

        self._logged_s = float("-inf")

    def accept(self) -> tuple[socket.socket, Any]:
        """Return the next connection; raise BlockingIOError when there is none, or when it would exceed a limit."""
        now = time.monotonic()
        self._forget_closed()
        if len(self._handshaking) + len(self._leaving) >= self._most_handshaking:
            self._make_room()
            self._log(now)
            raise BlockingIOError
        connection, address = super().accept()
        if len(self._open) >= self._most or not self._is_moderate(str(address[0]), now):
            connection.close()
            self._log(now)
            raise BlockingIOError
        self._open[connection.fileno()] = self._handshaking[connection.fileno()] = connection
        return connection, address

    def handshake_done(self, number: int) -> None:
        """Note that the connection with this file descriptor has finished its TLS handshake."""
        self._handshaking.pop(number, None)

    def _is_moderate(self, address: str, now: float) -> bool:
        return self._rates.take(address, now) and self._all_rates.take("", now)

    def _forget_closed(self) -> None:
        self._open, self._handshaking, self._leaving = map(_still_open, (self._open, self._handshaking, self._leaving))

    def _make_room(self) -> None:
        """Shut down the connection whose handshake has taken longest: a real client would have finished by now."""
        if self._leaving:
            return
        number = next(iter(self._handshaking))
        self._leaving[number] = oldest = self._handshaking.pop(number)
        with contextlib.suppress(OSError):
            oldest.shutdown(socket.SHUT_RDWR)  # its transport sees the end of the stream and closes it

    def _log(self, now: float) -> None:
        if now - self._logged_s >= LOG_AGAIN_S:
            self._logged_s = now
            logger.warning("the page: there are more connections than its limits allow; some of them are closed")


def _still_open(sockets: dict[int, socket.socket]) -> dict[int, socket.socket]:
    return {number: each for number, each in sockets.items() if each.fileno() == number}
