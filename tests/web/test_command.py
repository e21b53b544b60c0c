"""`assistant web` as a person types it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest

from tests.web.client import Client
from tests.web.running import STOP_S

COMMAND = [sys.executable, "-m", "assistant", "web"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_when_it_is_told_to(state, number):
    """With exit code 0."""
    with subprocess.Popen([*COMMAND, "--port", "0"], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = re.search(r"http://\S+", running.stderr.readline())
        assert found is not None
        assert Client(found[0]).get("/healthz").body == b"ok\n"
        running.send_signal(number)
        assert running.wait(STOP_S) == 0
        assert running.stderr.read() == ""


def test_the_token_is_printed_on_request(assistant, state):
    """The same each time."""
    first, second = (assistant("web", "--token").out for _ in range(2))
    assert re.fullmatch(r"(\d{4} ){4}\d{4}\n", first)
    assert first == second


def test_an_address_of_another_machine_is_refused(assistant, state):
    """In one line."""
    ended = assistant("web", "--host", "192.0.2.1")
    assert ended.code == 2
    assert "the page cannot listen on 192.0.2.1:8765" in ended.complaint()


def test_other_machines_are_told_of_token_and_certificate(state):
    """The fingerprint is there to compare with."""
    with subprocess.Popen(
        [*COMMAND, "--host", "0.0.0.0", "--port", "0"],  # noqa: S104
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        lines = [running.stderr.readline() for _ in range(3)]
        running.terminate()
    assert lines[0].startswith("the page: https://")
    assert "assistant web --token" in lines[1]
    assert re.search(r"SHA-256 is ([0-9A-F]{2}:){31}[0-9A-F]{2}$", lines[2])
