"""The lines on the control socket, and `assistant ctl` with a server that the test runs."""

from __future__ import annotations

import argparse
import json
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import ctl
from assistant.controls.commands import MODES, Command, Mode
from assistant.controls.drivers import client
from assistant.controls.protocol import (
    LONGEST_REQUEST,
    REQUESTS,
    ControlError,
    Conversation,
    Limits,
    answer_line,
    parse_answer,
    parse_request,
    refusal_line,
)
from assistant.errors import ConfigError

LIMITS = Limits(request_s=2, answer_s=5)


@pytest.mark.parametrize("command", REQUESTS.values())
def test_a_request_is_understood_however_its_words_are_spaced(command):
    """The words of a request may be separated by any number of spaces."""
    assert parse_request(f"  {command}\t\r".replace(" ", "   ").encode()) is command


@pytest.mark.parametrize("line", [b"", b"dance", b"mode", b"mode loud", b"TELL", b"tell me", b"\xff\x00\x1b[2J"])
def test_what_is_no_request_is_named(line):
    """The error lists the requests, and holds no control character of the line."""
    with pytest.raises(ControlError, match=r"no such request; the requests are tell, repeat, .*, stop") as caught:
        parse_request(line)
    assert str(caught.value).isprintable()


def test_nobody_but_the_wearer_switches_the_headset_off():
    """Another program can request neither the power-off, nor its count, nor a stuck button."""
    reserved = {Command.SHUT_DOWN, Command.COUNT_THREE, Command.LET_GO, Command.BUTTON_STUCK, Command.BUTTON_FREE}
    assert not reserved & set(REQUESTS.values())


def test_each_mode_has_its_command():
    """Each mode has a command with its name, which other programs may request."""
    assert {f"mode {mode}": mode for mode in Mode} == {str(command): mode for command, mode in MODES.items()}
    assert set(MODES) <= set(REQUESTS.values())


@given(st.lists(st.integers(0, 4)))
def test_a_request_may_come_in_pieces(cuts):
    """A request that arrives in any pieces is understood once."""
    conversation, rest, commands = Conversation(0, LIMITS), b"mode full\n", []
    for size in cuts:
        piece, rest = rest[:size], rest[size:]
        if piece:
            commands.append(conversation.receive(piece, 1))
    commands.append(conversation.receive(rest, 1) if rest else None)
    assert [command for command in commands if command] == [Command.MODE_FULL]
    assert conversation.asked


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_request_that_is_too_long_is_refused(end):
    """The request is refused before all of it has been stored."""
    conversation = Conversation(0, LIMITS)
    assert conversation.receive(b" " * (LONGEST_REQUEST - 1), 0) is None
    with pytest.raises(ControlError, match="at most 200 bytes"):
        conversation.receive(b" " + end, 0)


def test_a_request_of_the_greatest_length_is_not():
    """A request of 200 bytes with its line end is taken."""
    line = b"tell".ljust(LONGEST_REQUEST - 1) + b"\n"
    assert Conversation(0, LIMITS).receive(line, 0) is Command.TELL


def test_time_runs_for_the_request_and_then_for_the_answer():
    """A client that sends slowly gets no more time for its request; the answer has a time of its own."""
    conversation = Conversation(10, LIMITS)
    conversation.receive(b"te", 11.5)
    assert conversation.left_s(11.5) == 0.5
    assert (conversation.left_s(12.5), str(conversation.timeout_error())) == (0, "no request within 2 seconds")
    conversation.receive(b"ll\n", 11.9)
    assert conversation.left_s(12.5) == pytest.approx(4.4)
    assert str(conversation.timeout_error()) == "no answer within 5 seconds"


def test_an_answer_is_one_line_that_reads_as_it_was_given():
    """An answer in any language, with line ends in its texts, becomes one line and is read unchanged."""
    answer = {"ok": True, "said": "खुश दिखते हैं\nदो", "mode": Mode.ASK}
    line = answer_line(answer)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert parse_answer(line) == answer
    assert json.loads(refusal_line(ControlError("no"))) == {"ok": False, "error": "no"}


@pytest.mark.parametrize("line", [b"", b'{"ok": tr', b"[]", b"{}", b'{"ok": 1}', b"\xff\n"])
def test_an_answer_that_is_none_is_told(line):
    """Anything else than an answer raises an error of one line."""
    with pytest.raises(ControlError, match="assistant"):
        parse_answer(line)


def parsed(*words: str) -> argparse.Namespace:
    """Return the arguments of `assistant ctl WORDS`."""
    parser = argparse.ArgumentParser()
    ctl.add(parser.add_subparsers())
    return parser.parse_args(("ctl", *words))


def test_the_help_explains_every_request(capsys):
    """Each request has one line that says what it does."""
    with pytest.raises(SystemExit):
        parsed("--help")
    lines = capsys.readouterr().out.splitlines()
    first = lines.index("requests:") + 1
    explained = [line.split("  ")[1] for line in lines[first : first + len(REQUESTS)]]
    assert explained == list(REQUESTS)


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    """Return the path of the socket that `assistant ctl` uses."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    return tmp_path / "control.sock"


def serve(path: Path, *pieces: bytes) -> list[bytes]:
    """Take one request into the returned list, send these pieces, and close the connection."""
    listener, received = socket.socket(socket.AF_UNIX), []
    listener.bind(str(path))
    listener.listen()

    def answer() -> None:
        with listener, listener.accept()[0] as client:
            received.append(client.recv(1000))
            for piece in pieces:
                client.sendall(piece)

    threading.Thread(target=answer, daemon=True).start()
    return received


@pytest.mark.parametrize(("reply", "code"), [({"ok": True, "said": "दो"}, 0), ({"ok": False, "error": "no"}, 1)])
def test_ctl_prints_the_answer(path, capsys, reply, code):
    """The answer is printed as one line of JSON, and the exit code says whether the request succeeded."""
    line = answer_line(reply)
    received = serve(path, line[:9], line[9:])
    assert ctl.run(parsed("mode", "full")) == code
    assert received == [b"mode full\n"]
    assert capsys.readouterr().out.encode() == line


@pytest.mark.parametrize("stale", [False, True])
def test_ctl_says_when_nothing_runs(path, stale):
    """Without a socket, and with the socket of a dead program, the error says that nothing is running."""
    if stale:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(path))
    with pytest.raises(ControlError, match="not running") as caught:
        ctl.run(parsed("tell"))
    assert caught.value.exit_code == 1


def test_ctl_says_when_the_assistant_ends_before_it_answers(path):
    """Half a line is not an answer."""
    serve(path, b'{"ok": ')
    with pytest.raises(ControlError, match="ended before it answered"):
        client.send(Command.TELL)


@pytest.mark.parametrize("words", [("mode",), ("mode", "loud"), ("tell", "me")])
def test_ctl_refuses_what_it_does_not_know(path, words):
    """The exit code is 2, and no program is asked."""
    with pytest.raises(ConfigError, match=f"ctl {' '.join(words)}: allowed is tell, repeat") as caught:
        ctl.run(parsed(*words))
    assert caught.value.exit_code == 2
