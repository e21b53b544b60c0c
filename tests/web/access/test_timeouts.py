"""Clients that send or read too slowly."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing

import pytest

from assistant.web.access.limits import Limits
from tests.web.client import Client, connected, ends_after_s

IMPATIENT = Limits(request_s=0.4, body_s=0.8, read_s=0.8)


@pytest.mark.parametrize(
    ("first", "drop", "least_s"),
    [
        (b"", b"", 0.4),
        (b"GET / HTTP/1.1\r\nHost: ", b"a", 0.4),
        (b"POST /settings HTTP/1.1\r\nHost: {host}\r\nContent-Length: 50000\r\n\r\n", b"a", 0.7),
    ],
)
def test_who_sends_too_slowly_is_hung_up_on(serve, first, drop, least_s):
    """A client that sends nothing, or a head or a body byte by byte, is closed in time."""
    client = Client(serve(IMPATIENT).address.url)
    began_s = time.monotonic()
    with closing(connected(client)) as connection:
        connection.sendall(first.replace(b"{host}", client.host.encode()))
        assert least_s <= ends_after_s(connection, drop, began_s=began_s) < 10
    assert client.get("/healthz").status == 200


def test_a_connection_that_is_kept_open_ends_too(serve):
    """A connection between two requests is closed in time."""
    client = Client(serve(IMPATIENT).address.url)
    with closing(connected(client)) as connection:
        connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        assert ends_after_s(connection) < 10


def test_others_are_told_to_come_back_when_all_connections_are_taken(serve):
    """A client gets 503 until the silent connections have been closed."""
    client = Client(serve(Limits(connections=8, request_s=2.0)).address.url)
    with ExitStack() as open_ones:
        for _ in range(10):
            open_ones.enter_context(closing(connected(client)))
        statuses = [client.get("/healthz").status]
        until_s = time.monotonic() + 15
        while statuses[-1] != 200 and time.monotonic() < until_s:
            time.sleep(0.1)
            statuses.append(client.get("/healthz").status)
    assert statuses[0] == 503
    assert statuses[-1] == 200


@pytest.mark.parametrize("path", ["/try", "/healthz", "/nowhere"])
def test_a_body_that_breaks_off_is_answered_once(serve, caplog, path):
    """The request is valid until its body; the server answers it or refuses it, closes, and logs no error."""
    client = Client(serve(Limits()).address.url)
    head = f"GET {path} HTTP/1.1\r\nHost: {client.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
    for pause_s in (0.0, 0.3):  # before the answer, and after it
        with closing(connected(client)) as connection:
            connection.sendall(head.encode())
            time.sleep(pause_s)
            connection.sendall(b"no chunk\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.count(b"HTTP/1.1 ") == 1
    assert client.get("/healthz").status == 200
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
