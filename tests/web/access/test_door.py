"""Connections that come and send nothing."""

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


def test_who_says_nothing_makes_room_for_who_does(serve, caplog):
    """Of 120 silent connections a few are kept, the page answers at once, and the log has one warning."""
    client = Client(serve(Limits(strangers=6), host=OPEN).address.url)
    with caplog.at_level(logging.INFO), ExitStack() as holding:
        silent = open_silently(client, 60, holding)
        assert client.get("/healthz").status == 200
        assert alive(silent) <= 6
        silent += open_silently(client, 60, holding)
        assert client.get("/healthz").status == 200
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "more connections come than there is room for" in caplog.text


def test_no_more_are_held_than_there_is_room_for(serve):
    """When there is no room, the newest connection is closed."""
    client = Client(serve(Limits(sockets=5)).address.url)
    with ExitStack() as holding:
        silent = open_silently(client, 20, holding)
        assert ends_after_s(silent[-1]) < 5
        assert alive(silent) == 5


def test_strangers_are_never_more_than_there_is_room_for(serve):
    """The limit for all connections also counts for those without a handshake."""
    client = Client(serve(Limits(sockets=5, strangers=20), host=OPEN).address.url)
    with ExitStack() as holding:
        silent = open_silently(client, 20, holding)
        assert client.get("/healthz").status == 200
        assert alive(silent) <= 5


def test_who_comes_too_often_is_hung_up_on(serve):
    """An address that connects too often is closed although there is room."""
    client = Client(serve(Limits(arrivals_a_second=0.001, arrivals_at_once=3)).address.url)
    with ExitStack() as holding:
        silent = open_silently(client, 9, holding)
        assert ends_after_s(silent[-1]) < 5
        assert alive(silent) == 3


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00"])
def test_a_handshake_has_to_end(serve, said):
    """A handshake that does not begin, or does not go on, is closed."""
    client = Client(serve(Limits(handshake_s=0.5), host=OPEN).address.url)
    with closing(connected(client)) as connection:
        connection.sendall(said)
        assert 0.4 <= ends_after_s(connection) < 10
    assert client.get("/healthz").status == 200


def test_who_has_finished_the_handshake_is_no_stranger(serve):
    """A connection after its handshake stays open although others come."""
    client = Client(serve(Limits(strangers=2), host=OPEN).address.url)
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
