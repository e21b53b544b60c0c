"""The listener limits connections that send nothing."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import ExitStack, closing

import pytest

from assistant.web.access.limits import Limits
from tests.web.client import Client, connected, ends_after_s

OPEN = "0.0.0.0"  # noqa: S104 - an address that other machines reach: over TLS


def open_silently(client: Client, count: int, holding: ExitStack) -> list[socket.socket]:
    """Open this many connections that send nothing."""
    return [holding.enter_context(closing(connected(client))) for _ in range(count)]


def alive(connections: list[socket.socket]) -> int:
    """Return how many of these connections are still open."""
    return sum(_is_open(each) for each in connections)


def _is_open(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return bool(connection.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


def test_silent_connections_make_room_for_a_client(serve, caplog):
    """Of 120 silent connections a few are kept, the page answers at once, and the log has one warning."""
    client = Client(serve(Limits(unfinished_handshakes=6), host=OPEN).address.url)
    with caplog.at_level(logging.INFO), ExitStack() as holding:
        silent = open_silently(client, 60, holding)
        assert client.get("/healthz").status == 200
        assert alive(silent) <= 6
        silent += open_silently(client, 60, holding)
        assert client.get("/healthz").status == 200
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "there are more connections than its limits allow" in caplog.text


def test_a_connection_above_the_limit_is_closed(serve):
    """When all connections are taken, the newest connection is closed."""
    client = Client(serve(Limits(sockets=5)).address.url)
    with ExitStack() as holding:
        silent = open_silently(client, 20, holding)
        assert ends_after_s(silent[-1]) < 5
        assert alive(silent) == 5


def test_the_limit_of_connections_counts_before_the_handshake(serve):
    """The limit for all connections also counts for those without a handshake."""
    client = Client(serve(Limits(sockets=5, unfinished_handshakes=20), host=OPEN).address.url)
    with ExitStack() as holding:
        silent = open_silently(client, 20, holding)
        assert client.get("/healthz").status == 200
        assert alive(silent) <= 5


def test_an_address_that_connects_too_often_is_refused(serve):
    """A connection from an address that connects too often is closed, although the other limits are not reached."""
    client = Client(serve(Limits(arrivals_a_second=0.001, arrivals_at_once=3)).address.url)
    with ExitStack() as holding:
        silent = open_silently(client, 9, holding)
        assert ends_after_s(silent[-1]) < 5
        assert alive(silent) == 3


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00"])
def test_a_handshake_has_to_end(serve, said):
    """A handshake that does not begin, or does not go on, is closed."""
    client = Client(serve(Limits(handshake_s=0.5), host=OPEN).address.url)
    began_s = time.monotonic()
    with closing(connected(client)) as connection:
        connection.sendall(said)
        assert 0.4 <= ends_after_s(connection, began_s=began_s) < 10
    assert client.get("/healthz").status == 200


def test_a_connection_after_its_handshake_stays_open(serve):
    """A connection that has finished its handshake stays open while many others come."""
    client = Client(serve(Limits(unfinished_handshakes=2), host=OPEN).address.url)
    known = client.connect()
    with closing(known), ExitStack() as holding:
        known.connect()
        known.request("GET", "/healthz", headers={"host": client.host})
        assert known.getresponse().read() == b"ok\n"
        open_silently(client, 20, holding)
        began_s = time.monotonic()
        known.request("GET", "/healthz", headers={"host": client.host})
        assert known.getresponse().read() == b"ok\n"
        assert time.monotonic() - began_s < 5
