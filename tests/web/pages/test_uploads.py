"""Many uploads at once, uploads that end in the middle, and bodies that are no forms."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from assistant.web.access.limits import Limits
from tests.web.client import BOUNDARY, Client, connected, multipart

KIND = f"multipart/form-data; boundary={BOUNDARY}"
PATIENT = Limits(uploads_at_once=1, uploads_waiting=1)


def head(client: Client, length: int, path: str = "/try") -> bytes:
    """Return the head of a request with a body of this length."""
    lines = (f"POST {path} HTTP/1.1", f"Host: {client.host}", f"Content-Type: {KIND}", f"Content-Length: {length}")
    return "".join(f"{line}\r\n" for line in lines).encode()


def begin_upload(client: Client, holding: ExitStack) -> None:
    """Begin an upload that does not end, and wait until its turn has begun."""
    connection = holding.enter_context(closing(connected(client)))
    connection.sendall(expecting(head(client, 10_000_000)))
    assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
    connection.sendall(multipart((("a.jpg", b"a" * 1000),), {})[:-50])


def expecting(lines: bytes, *further: str) -> bytes:
    """Return a head that asks for a signal before its body is sent, with further lines."""
    return lines + "".join(f"{line}\r\n" for line in ("Expect: 100-continue", *further, "")).encode()


def test_while_one_upload_is_taken_in_others_wait_or_are_told_to_come_back(serve, portrait):
    """One upload waits and is classified; another one gets 503, which it can read."""
    client = Client(serve(PATIENT).address.url)
    token, large = client.form_token(), bytes(12_000_000)
    with ExitStack() as holding, ThreadPoolExecutor(2) as others:
        begin_upload(client, holding)
        two = [others.submit(client.upload, ("a.jpg", portrait + large), csrf=token) for _ in range(2)]
        refused = next(as_completed(two)).result()
        assert (refused.status, "retry-after" in refused.headers) == (503, True)
        holding.close()
        assert sorted(each.result().status for each in two) == [200, 503]


def test_who_waits_too_long_is_told_to_come_back(serve, portrait):
    """An upload that waits for longer than a person would gets 503."""
    client = Client(serve(replace(PATIENT, uploads_timeout_s=0.3)).address.url)
    with ExitStack() as holding:
        begin_upload(client, holding)
        assert client.upload(("a.jpg", portrait)).status == 503


def test_frames_have_turns_too(serve, portrait):
    """Frames are small, but many of them at once are not."""
    client = Client(serve(Limits(frames_at_once=1, frames_waiting=0)).address.url)
    token = client.form_token()
    with ExitStack() as holding:
        connection = holding.enter_context(closing(connected(client)))
        lines = head(client, 900_000, "/try/frame")
        connection.sendall(expecting(lines, f"X-Visitor: {'0' * 16}", f"X-CSRF-Token: {token}"))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        assert client.frame(portrait, token=token).status == 503


@pytest.mark.parametrize("sent", [0, 10, 5000])
@pytest.mark.parametrize("path", ["/try", "/try/frame", "/settings", "/login"])
def test_who_hangs_up_leaves_no_trace(serve, caplog, path, sent):
    """A client that closes in the middle of a body leaves no line in the log."""
    client = Client(serve().address.url)
    with caplog.at_level(logging.INFO):
        with closing(connected(client)) as connection:
            visitor = f"X-Visitor: {'0' * 16}\r\nX-CSRF-Token: {client.form_token()}\r\n\r\n".encode()
            connection.sendall(head(client, 20_000, path) + visitor + b"a" * sent)
        for _ in range(3):  # by then it has been noticed
            assert client.get("/healthz").status == 200
    assert caplog.text == ""


@pytest.mark.parametrize(
    "charset",
    ["punycode", "unicode_escape", "raw_unicode_escape", "idna", "utf-16", "utf-7", "rot13", "hex", "nothing"],
)
def test_an_alphabet_that_browsers_do_not_send_is_refused(client, caplog, charset):
    """Any charset but UTF-8 is refused with 415, also one that Python knows."""
    body = multipart((("\\ud800é.jpg", b"a"),), {"csrf": client.form_token(), "as": "csv"})
    answer = client.ask("POST", "/try", body, content_type=f"{KIND}; charset={charset}")
    assert (answer.status, answer.text) == (415, "Send the form in UTF-8.\n")
    assert caplog.text == ""


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_the_one_of_browsers_may_be_named(client, portrait, charset):
    """A form may name UTF-8 as its charset."""
    body = multipart((("é.jpg", portrait),), {"csrf": client.form_token(), "as": "json"})
    answer = client.ask("POST", "/try", body, content_type=f"{KIND}; charset={charset}")
    assert answer.status == 200
    assert [each["picture"] for each in answer.json] == ["é.jpg"]


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="',
        f"multipart/form-data; boundary={'a' * 5000}",
        "multipart/form-data; boundary=\xe9",
        "multipart/form-data; =; boundary*0=a; charset*=utf-8''x",
        "text/plain",
        "",
    ],
)
def test_what_is_no_form_is_refused(client, caplog, kind):
    """A body that is no form is refused with 400, 403 or 415, without an error in the log."""
    answer = client.ask("POST", "/try", b"--a\r\n\r\n--a--\r\n", content_type=kind)
    assert answer.status in (400, 403, 415)
    assert caplog.text == ""


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; charset=utf-16; boundary=a"])
def test_what_is_no_form_is_refused_in_words_however_long_it_is(client, kind):
    """A long body of another kind is read to its end, so that its sender reads why it is refused."""
    answer = client.ask("POST", "/try", bytes(10_000_000), content_type=kind, x_csrf_token=client.form_token())
    assert answer.status == 415


def test_a_length_of_many_digits_is_too_much(client):
    """A body of 10^18 bytes is refused."""
    with closing(connected(client)) as connection:
        connection.sendall(head(client, 10**18) + b"Connection: close\r\n\r\n")
        assert connection.recv(100).split()[1] in (b"400", b"413")
