"""`assistant web`, as a person types it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time

import pytest

from tests.running.headset import STOP_S, running_headset
from tests.web.client import Client

COMMAND = [sys.executable, "-m", "assistant", "web"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_when_it_is_told_to(state, number):
    """The address is printed, and a signal ends the command with 0."""
    with subprocess.Popen([*COMMAND, "--port", "0"], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = re.search(r"http://\S+", running.stderr.readline())
        assert found is not None
        assert Client(found[0]).get("/healthz").body == b"ok\n"
        running.send_signal(number)
        assert running.wait(STOP_S) == 0
        assert running.stderr.read() == ""


def test_the_token_is_printed_on_request(assistant, state):
    """The token is the same each time."""
    first, second = (assistant("web", "--token").out for _ in range(2))
    assert re.fullmatch(r"(\d{4} ){4}\d{4}\n", first)
    assert first == second


def test_an_address_of_another_machine_is_refused(assistant, state):
    """The error is one line with the address."""
    ended = assistant("web", "--host", "192.0.2.1")
    assert ended.code == 2
    assert "the page cannot listen on 192.0.2.1:8765" in ended.complaint()


def test_other_machines_are_told_of_token_and_certificate(state):
    """The fingerprint is printed, so that it can be compared."""
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


def test_a_simulated_camera_plays_on(state):
    """The page still has frames when the script of the camera is over."""
    with running_headset("happy 0.5", state) as url:
        client, seen = Client(url), 0
        until_s = time.monotonic() + 60
        while seen < 30 and time.monotonic() < until_s:
            found = re.search(r"frames_total (\d+)", client.get("/metrics").text)
            assert found is not None
            seen = int(found[1])
            time.sleep(0.1)
        assert seen >= 30  # the script has eight


def test_a_recording_that_is_over_is_told_of(assistant, clips, state):
    """The page ends with the recording."""
    ended = assistant("web", "--port", "0", "--voice", "none", "--camera", f"replay:{clips / 'room.mp4'}")
    assert ended.code == 0
    assert "room.mp4 is over, and so is the page" in ended.err


def test_settings_that_are_damaged_are_set_aside(state, clips, assistant):
    """The damaged file is renamed, and the headset runs, as with `assistant run`."""
    state.mkdir()
    (state / "settings.toml").write_text("[voice")
    ended = assistant("web", "--port", "0", "--voice", "print", "--camera", f"replay:{clips / 'room.mp4'}")
    assert ended.code == 0
    assert (state / "settings.toml.damaged").read_text() == "[voice"
    assert "lost" in ended.out
