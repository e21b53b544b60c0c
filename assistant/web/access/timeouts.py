"""HTTP with deadlines: who sends or reads too slowly is hung up on, so that nobody can use up all connections."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.web.access.door import Door
from assistant.web.access.limits import Limits

LOOK_EVERY_S = 1.0


def patient_protocol(limits: Limits, door: Door) -> type[H11Protocol]:
    """Uvicorn's protocol, with these deadlines, for those who come through this door."""

    class PatientProtocol(H11Protocol):
        """Looks each second at what the client lets it wait for."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Begin to wait; over TLS this comes after the handshake."""
            door.welcome(transport.get_extra_info("socket").fileno())
            super().connection_made(transport)
            self._waiting: tuple[str, Any] | None = None
            self._waited_s, self._looked_s = 0.0, self.loop.time()
            self._look()

        def connection_lost(self, exc: Exception | None) -> None:
            """Wait no more."""
            self._timer.cancel()
            super().connection_lost(exc)

        def _look(self) -> None:
            now = self.loop.time()
            if not _holds_up(self):
                waiting = _waits_for(self)
                self._waited_s = self._waited_s + now - self._looked_s if waiting == self._waiting else 0.0
                self._waiting = waiting
                if waiting is not None and self._waited_s >= patience_s[waiting[0]]:
                    self.transport.abort()
                    return
            self._looked_s = now
            self._timer = self.loop.call_later(min(LOOK_EVERY_S, limits.request_s / 2), self._look)

    patience_s = {"request": limits.request_s, "body": limits.body_s, "reader": limits.read_s}
    return PatientProtocol


def _holds_up(protocol: Any) -> bool:
    """Whether it lets the client wait in the middle of a body, which costs the client none of its time."""
    return bool(protocol.flow.read_paused and not protocol.flow.write_paused)


def _waits_for(protocol: Any) -> tuple[str, Any] | None:
    """What the client has to do next, and in which exchange; None while it waits for us."""
    if protocol.flow.write_paused:
        return "reader", protocol.cycle
    if protocol.conn.their_state is h11.IDLE:
        return "request", protocol.cycle
    return ("body", protocol.cycle) if protocol.conn.their_state is h11.SEND_BODY else None
