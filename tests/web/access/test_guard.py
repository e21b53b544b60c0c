"""Who may see the page, and who may not."""

from __future__ import annotations

import http.client
import os
import re

import pytest

from assistant.web.access.guard import SECURITY_HEADERS
from assistant.web.access.limits import Limits
from assistant.web.access.token import kept_token
from tests.web.client import Client

PAGES = ("/live", "/try", "/headset", "/settings", "/health", "/metrics", "/login", "/nothing", "/static/page.css")


@pytest.fixture
def stranger(serve) -> Client:
    """Return a client of a page that other machines reach."""
    return Client(serve(host="0.0.0.0").address.url)  # noqa: S104


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_tells_the_browser_what_it_may_do(client, path):
    """Every answer forbids content of other hosts, keeping a copy, and a frame around the page."""
    answer = client.get(path)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert "server" not in answer.headers


def test_no_page_has_what_its_policy_forbids(client):
    """The pages have no inline script, no inline style and nothing of another host."""
    for path in PAGES[:5]:
        answer = client.get(path)
        assert answer.status == 200
        text = answer.text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)
        assert not re.search(r"(src|href|action)=\"(?!/|#|data:image/)", text)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("LOCALHOST", 200),
        ("{name}.local:{port}", 200),
        ("headset.home", 200),
        ("evil.example:{port}", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("10.0.0.1", 421),
        ("", 421),
    ],
)
def test_only_its_own_names_are_answered(serve, host, status):
    """A site that points its own name at this machine gets nothing (DNS rebinding)."""
    page = serve(names="headset.home")
    called = host.format(port=page.address.port, name=os.uname().nodename)
    client = Client(page.address.url)
    client.host = called
    assert client.get("/settings").status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://{host}"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_what_another_sites_page_sends_changes_nothing(client, state, headers):
    """A form of another site is refused although it has the token of the form."""
    named = {name: value.format(host=client.host) for name, value in headers.items()}
    answer = client.post("/settings", {"section": "voice", "voice.volume": "0.3"}, **named)
    assert answer.status == 403
    assert not (state / "settings.toml").exists()


@pytest.mark.parametrize("token", ["", "0" * 64, "ä"])
def test_a_form_without_the_pages_own_token_changes_nothing(client, state, token):
    """A form, an upload and a frame without the token are refused with 403."""
    answer = client.post("/settings", {"section": "voice", "voice.volume": "0.3", "csrf": token})
    assert answer.status == 403
    assert not (state / "settings.toml").exists()
    assert client.upload(("a.jpg", b""), csrf=token).status == 403
    assert client.frame(b"", token=token).status == 403


def test_other_machines_come_over_tls_alone(serve):
    """A request in plain HTTP gets no answer."""
    page = serve(host="0.0.0.0")  # noqa: S104
    assert page.address.url.startswith("https://")
    with pytest.raises((http.client.HTTPException, OSError)):
        Client(f"http://127.0.0.1:{page.address.port}/").get("/login")


@pytest.mark.parametrize("path", ["/live", "/try", "/headset", "/settings", "/health", "/"])
def test_without_the_token_every_page_asks_for_it(stranger, path):
    """The login leads back to the page that was asked for."""
    answer = stranger.get(path)
    assert (answer.status, answer.headers["location"]) == (303, f"/login?next={path}")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/live/events"), ("GET", "/live/pictures"), ("GET", "/metrics"), ("POST", "/try"), ("POST", "/settings")],
)
def test_without_the_token_nothing_else_is_given(stranger, method, path):
    """Streams, figures and forms are refused with 401."""
    assert stranger.ask(method, path).status == 401
    assert stranger.ask(method, path, authorization="Bearer 12345").status == 401


def test_whether_it_is_well_wants_no_token(stranger):
    """/healthz needs no token and says nothing else."""
    assert stranger.get("/healthz").body == b"ok\n"


def test_the_token_lets_in(stranger, state):
    """The token may be typed in groups; the session's cookie is closed to scripts and to other sites."""
    token = kept_token(state)
    answer = stranger.post("/login", {"token": f" {token.grouped}", "next": "/settings"})
    assert (answer.status, answer.headers["location"]) == (303, "/settings")
    cookie = answer.headers["set-cookie"].lower()
    assert all(flag in cookie for flag in ("httponly", "secure", "samesite=strict", "path=/"))
    assert token.digits not in cookie
    assert stranger.get("/settings").status == 200
    assert stranger.post("/logout", {}).status == 303
    assert stranger.get("/settings").status == 303


def test_a_program_shows_the_token_in_a_header(stranger, state):
    """A program such as Prometheus sends the token in a header."""
    answer = stranger.ask("GET", "/metrics", authorization=f"Bearer {kept_token(state).digits}")
    assert answer.status == 200


@pytest.mark.parametrize("cookie", ["9999999999.00", "9999999999", "", "x.y", "99999999999999999999." + "0" * 64])
def test_a_made_up_session_does_not(stranger, cookie):
    """A session that was not signed here is refused."""
    assert stranger.get("/settings", cookie=f"assistant-session={cookie}").status == 303


def test_who_guesses_keeps_nobody_out(stranger, state):
    """After twenty wrong tokens, the right one is still accepted."""
    for number in range(20):
        assert stranger.post("/login", {"token": str(number)}).status == 403
        assert stranger.ask("GET", "/metrics", authorization=f"Bearer {number}").status == 401
    assert stranger.post("/login", {"token": kept_token(state).digits}).status == 303


def test_who_has_logged_out_is_out(stranger, state):
    """A copy of the cookie is worthless after the logout, and another browser stays logged in."""
    token, other = kept_token(state).digits, Client(f"https://127.0.0.1:{stranger.port}/")
    for each in (stranger, other):
        assert each.post("/login", {"token": token}).status == 303
    copied = stranger.cookie
    assert stranger.get("/settings", cookie=copied).status == 200
    assert stranger.post("/logout", {}).status == 303
    stranger.cookie = ""
    assert stranger.get("/settings", cookie=copied).status == 303
    assert other.get("/settings").status == 200


def test_the_way_back_leads_to_no_other_site(stranger, state):
    """An address of another site is not followed after the login, since it would help to steal the token."""
    token = kept_token(state).digits
    for then in ("https://evil.example/", "//evil.example", "/\\evil.example", "/login"):
        assert stranger.post("/login", {"token": token, "next": then}).headers["location"] == "/live"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../token.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..%5c..%5capp.py",
        "/static//etc/passwd",
        "/../../etc/passwd",
        "/static/",
        "/static/%00",
    ],
)
def test_no_path_leads_out_of_the_pages_folder(client, path):
    """A path out of the folder of static files is not found."""
    assert client.get(path).status == 404


@pytest.mark.parametrize(
    "limits",
    [
        Limits(requests_a_second=0.001, requests_at_once=3),
        Limits(all_requests_a_second=0.001, all_requests_at_once=3),
    ],
)
def test_who_asks_too_often_waits(serve, limits):
    """Too many requests, of one address or of all, are refused with 429 and a time to wait."""
    client = Client(serve(limits).address.url)
    answers = [client.get("/healthz") for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"]
