"""HTTP with deadlines: who sends or reads too slowly is hung up on, so that nobody can use up all connections."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.web.door import Door
from assistant.web.limits import Limits

LOOK_EVERY_S = 1.0


def patient_protocol(limits: Limits, door: Door) -> type[H11Protocol]:
    """Uvicorn's protocol, with these deadlines, for those who come through this door."""

    class PatientProtocol(H11Protocol):
        """Looks each second at what the client lets it wait for."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Begin to wait; over TLS this comes after the handshake."""
            door.welcome(transport.get_extra_info("socket").fileno())
            super().connection_made(transport)
            self._waits_for: str | None = None
            self._since_s = self.loop.time()
            self._look()

        def connection_lost(self, exc: Exception | None) -> None:
            """Wait no more."""
            self._timer.cancel()
            super().connection_lost(exc)

        def _look(self) -> None:
            now = self.loop.time()
            waits_for = _waits_for(self)
            if waits_for != self._waits_for:
                self._waits_for, self._since_s = waits_for, now
            if waits_for is not None and now - self._since_s >= patience_s[waits_for]:
                self.transport.abort()
                return
            self._timer = self.loop.call_later(min(LOOK_EVERY_S, limits.request_s / 2), self._look)

    patience_s = {"request": limits.request_s, "body": limits.body_s, "reader": limits.read_s}
    return PatientProtocol


def _waits_for(protocol: Any) -> str | None:
    """What the client has to do next; None while it waits for us."""
    if protocol.flow.write_paused:
        return "reader"
    if protocol.conn.their_state is h11.IDLE:
        return "request"
    return "body" if protocol.conn.their_state is h11.SEND_BODY else None
