"""The live page: what the headset sees and says, and what is requested there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from assistant.app.configuration.settings import WebSettings
from assistant.web.access.token import kept_token
from tests.running.headset import running_headset
from tests.web.client import Client

CAME, WENT = "somebody looks through the camera", "nobody looks through the camera any more"
SCRIPT = ", ".join(["happy 4, surprise 4"] * 100)


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    """Return the headset's state folder."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def url(state) -> Iterator[str]:
    """Yield the page of a headset that sees a smile and a surprise in turn."""
    with running_headset(SCRIPT, state) as address:
        yield address


@pytest.fixture
def client(url) -> Client:
    """Return a client of this page."""
    return Client(url)


def events(client: Client) -> Iterator[tuple[str, Any]]:
    """Yield the server-sent events without end."""
    with closing(client.connect()) as connection:
        connection.request("GET", "/live/events")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        kind = ""
        for line in answer:
            name, _, value = line.decode().strip().partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)


def test_the_emotion_that_is_seen_changes(client):
    """Each moment has scores, a box and a state, and entries of what was said come in between."""
    emotions, said = set(), set()
    for kind, fields in events(client):
        if kind == "entry" and fields["kind"] == "said":
            said.add(fields["text"].split()[-1])  # "looks happy" or "maybe happy"
        if kind == "moment" and fields["emotion"]:
            emotions.add(fields["emotion"])
            assert fields["state"] in {"steady", "challenged", "steady, missing"}
            assert len(fields["face"] or [0] * 4) == 4
            assert fields["scores"] is None or len(fields["scores"]) == 7
        if len(emotions) > 1 and {"happy", "surprised"} <= said:
            break
    assert emotions == {"happy", "surprise"}


def test_the_wearer_hears_that_somebody_watches_and_that_they_left(state):
    """It is said once for all streams; one that begins soon after the last has ended is not said again."""
    with running_headset("empty 600", state) as url:
        client = Client(url)
        for _ in range(2):
            until_said(client, CAME)
        client_left_s = time.monotonic()
        while WENT not in (page := client.get("/live").text):
            assert time.monotonic() < client_left_s + 20
            time.sleep(0.2)
        assert (page.count(CAME), page.count(WENT)) == (1, 1)


def until_said(client: Client, words: str) -> None:
    """Watch until these words have been said."""
    next(fields for kind, fields in events(client) if kind == "entry" and fields["text"] == words)


def test_pictures_come_while_somebody_looks(client):
    """The stream has JPEGs of the camera's size."""
    with closing(client.connect()) as connection:
        connection.request("GET", "/live/pictures")
        answer = connection.getresponse()
        assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=picture"
        for _ in range(3):
            while not (line := answer.readline()).startswith(b"Content-Length:"):
                assert line
            answer.readline()
            picture = cv2.imdecode(np.frombuffer(answer.read(int(line.split()[1])), np.uint8), cv2.IMREAD_COLOR)
            assert picture.shape == (480, 640, 3)


def test_one_viewer_too_many_waits(client):
    """A viewer too many gets 503, until another one has gone."""
    with ExitStack() as viewers:
        for _ in range(WebSettings().viewers):
            viewer = viewers.enter_context(closing(client.connect()))
            viewer.request("GET", "/live/pictures")
            assert viewer.getresponse().status == 200
        answer = client.get("/live/pictures")
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    until_s = time.monotonic() + 10
    while "emotion_assistant_streams 0" not in client.get("/metrics").text:
        assert time.monotonic() < until_s
        time.sleep(0.05)


def test_the_page_looks_only_when_it_is_asked_to(client):
    """The page shows pictures only on request, and says that people should know."""
    assert "/live/pictures" not in client.get("/live").text
    assert "that you watch" in client.get("/live").text
    looking = client.get("/live?look=now").text
    assert 'src="/live/pictures"' in looking
    assert looking.count("<meter") == 7


def test_the_headset_does_what_is_asked_in_the_page(client):
    """A command is obeyed, and its answer is said and shown."""
    assert "The headset says: louder." in client.post("/headset", {"command": "louder"}).text
    assert "The headset says how it is." in client.post("/headset", {"command": "status"}).text
    assert "The headset says: I speak when you ask." in client.post("/headset", {"command": "mode ask"}).text
    assert "ask" in client.get("/health").text
    assert "Done." in client.post("/headset", {"command": "silence"}).text
    client.post("/headset", {"command": "mode changes"})


def test_the_page_switches_nothing_off(client):
    """A stop, a power-off and anything that is not a command are refused."""
    for command in ("stop", "shut down", "", "rm -rf"):
        assert client.post("/headset", {"command": command}).status == 422
    assert client.get("/healthz").status == 200


def test_the_figures_are_there_for_prometheus(client):
    """Each figure is a number with a type."""
    next(event for event in events(client) if event[0] == "moment")
    lines = client.get("/metrics").text.splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(figures["emotion_assistant_frames_total"]) > 0
    assert float(figures["emotion_assistant_well"]) == 1
    kinds = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE")}
    assert kinds.keys() == {name.partition("{")[0] for name in figures}
    assert set(kinds.values()) == {"gauge", "counter"}


def test_settings_are_taken_up_at_once(client, state):
    """Saved settings are read by the headset, which says so."""
    assert client.post("/settings", {"section": "debounce", "debounce.hold_s": "0.5"}).status == 303
    said = (fields["text"] for kind, fields in events(client) if kind == "entry" and fields["kind"] == "said")
    assert any("settings" in text for text in said)


def test_who_has_logged_out_sees_no_more(tmp_path):
    """The stream that was open ends with the logout."""
    with running_headset(SCRIPT, tmp_path, "--host", "0.0.0.0") as address:  # noqa: S104
        client = Client(address.replace(urlsplit(address).hostname or "", "127.0.0.1"))
        client.post("/login", {"token": kept_token(tmp_path).digits})
        with closing(client.connect()) as connection:
            connection.request("GET", "/live/pictures", headers={"host": client.host, "cookie": client.cookie})
            answer = connection.getresponse()
            assert answer.read(1000)
            client.post("/logout", {})
            while answer.read(100_000):
                pass
