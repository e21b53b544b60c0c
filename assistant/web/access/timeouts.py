"""HTTP with timeouts: the server disconnects clients that send or read too slowly, since connections are limited."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.web.access.bounded_listener import BoundedListener
from assistant.web.access.limits import Limits

CHECK_EVERY_S = 1.0


def protocol_with_timeouts(limits: Limits, listener: BoundedListener) -> type[H11Protocol]:
    """Return uvicorn's protocol with the timeouts of these limits, for the connections of this listener."""

    class ProtocolWithTimeouts(H11Protocol):
        """Checks each second how long the client has let the server wait."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Begin to count the time; over TLS this is called after the handshake."""
            listener.handshake_done(transport.get_extra_info("socket").fileno())
            super().connection_made(transport)
            self._waiting: tuple[str, Any] | None = None
            self._waited_s, self._checked_s = 0.0, self.loop.time()
            self._check()

        def connection_lost(self, exc: Exception | None) -> None:
            """Stop counting the time."""
            self._timer.cancel()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:
            """Refuse a request that breaks off into something else; nothing is sent after that, nor into an answer."""
            _end_cycle(self)
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                super().send_400_response(msg)
            self.transport.close()

        def _check(self) -> None:
            now = self.loop.time()
            if not _holds_up(self):
                waiting = _waits_for(self)
                self._waited_s = self._waited_s + now - self._checked_s if waiting == self._waiting else 0.0
                self._waiting = waiting
                if waiting is not None and self._waited_s >= timeouts_s[waiting[0]]:
                    self.transport.abort()
                    return
            self._checked_s = now
            self._timer = self.loop.call_later(min(CHECK_EVERY_S, limits.request_s / 2), self._check)

    timeouts_s = {"request": limits.request_s, "body": limits.body_s, "reader": limits.read_s}
    return ProtocolWithTimeouts


def _end_cycle(protocol: Any) -> None:
    """Let the application send nothing more for the request that it answers now, if there is one."""
    if protocol.cycle is not None:
        protocol.cycle.disconnected = True
        protocol.cycle.message_event.set()


def _holds_up(protocol: Any) -> bool:
    """Return whether the server pauses the client in the middle of a body; this time does not count."""
    return bool(protocol.flow.read_paused and not protocol.flow.write_paused)


def _waits_for(protocol: Any) -> tuple[str, Any] | None:
    """Return what the client has to do next, and in which exchange; None while the client waits for the server."""
    if protocol.flow.write_paused:
        return "reader", protocol.cycle
    if protocol.conn.their_state is h11.IDLE:
        return "request", protocol.cycle
    return ("body", protocol.cycle) if protocol.conn.their_state is h11.SEND_BODY else None
