"""The control socket, with real sockets in a folder of the test."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.controls.commands import Command, Request
from assistant.controls.drivers import client
from assistant.controls.drivers.control_socket import ControlSocket, socket_path
from assistant.controls.protocol import ControlError, Limits
from assistant.errors import ConfigError
from tests.running.watching import until


@pytest.fixture
def path(tmp_path) -> Path:
    """Return the path of the socket."""
    return tmp_path / "own" / "control.sock"


def listening(path: Path, limits: Limits = Limits()) -> contextlib.closing[ControlSocket]:
    """Return a context with a socket that listens until its end."""
    return contextlib.closing(ControlSocket(path, limits))


def connect(path: Path, sent: bytes = b"") -> socket.socket:
    """Return a client that has sent this."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(str(path))
    with contextlib.suppress(BrokenPipeError):  # it may be refused, and told why, before it has said anything
        client.sendall(sent)
    return client


def answer(client: socket.socket) -> dict:
    """Return the whole answer that a client receives."""
    received = b""
    with contextlib.suppress(ConnectionResetError):  # it was hung up on before all that it sent was read
        while data := client.recv(4096):
            received += data
    client.close()
    return json.loads(received)


def requests(control: ControlSocket, count: int = 1) -> list[Request]:
    """Wait for this many requests and return them."""
    taken: list[Request] = []
    until_s = time.monotonic() + 10
    while time.monotonic() < until_s:
        taken += control.take()
        if len(taken) >= count:
            break
        time.sleep(0.001)
    return taken


def assert_serves(control: ControlSocket, path: Path) -> None:
    """Fail unless a client is answered."""
    client = connect(path, b"tell\n")
    requests(control)[0].reply({"ok": True})
    assert answer(client) == {"ok": True}


def test_a_request_is_answered_when_the_loop_has_time(path):
    """A client that has closed its half is answered too, as `echo mode ask | socat - UNIX:...` does."""
    with listening(path) as control:
        client = connect(path, b"mode ask\n")
        client.shutdown(socket.SHUT_WR)
        (request,) = requests(control)
        assert request.command is Command.MODE_ASK
        request.reply({"ok": True, "said": "looks happy, ahead, near"})
        assert answer(client) == {"ok": True, "said": "looks happy, ahead, near"}
        request.reply({"ok": True})


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"dance\n", "no such request"),
        (bytes(range(256)), "no such request"),
        (b"a" * 5000, "at most 200 bytes"),
        (b"tell" + b" " * 300 + b"\n", "at most 200 bytes"),
    ],
)
def test_what_is_no_request_is_refused(path, sent, error):
    """The client gets the error, and the loop gets no request."""
    with listening(path) as control:
        reply = answer(connect(path, sent))
        assert (reply["ok"], error in reply["error"]) == (False, True)
        assert control.take() == []


@pytest.mark.parametrize("sent", [b"", b"te"])
def test_a_slow_client_is_refused(path, sent):
    """A client that sends nothing or too little is refused, and another client is served meanwhile."""
    with listening(path, Limits(request_s=0.3)) as control:
        slow = connect(path, sent)
        assert_serves(control, path)
        assert answer(slow) == {"ok": False, "error": "no request within 0.3 seconds"}


def test_a_loop_that_does_not_answer_in_time(path):
    """The client gets an error, a late answer is ignored, and the next client is served."""
    with listening(path, Limits(answer_s=0.5)) as control:
        assert answer(connect(path, b"tell\n")) == {"ok": False, "error": "no answer within 0.5 seconds"}
        requests(control)[0].reply({"ok": True})
        assert_serves(control, path)


def test_clients_that_go_are_forgotten(path):
    """Clients that leave before their request or before their answer leave room for others."""
    with listening(path, Limits(clients=3, request_s=30, answer_s=30)) as control:
        connect(path, b"te").close()
        connect(path, b"tell\n").close()
        requests(control)[0].reply({"ok": True})
        clients = [connect(path, b"status\n") for _ in range(3)]
        for waiting in requests(control, 3):
            waiting.reply({"ok": True, "fps": 15})
        assert [answer(client) for client in clients] == [{"ok": True, "fps": 15}] * 3


def test_many_clients_at_once(path):
    """As many clients as allowed are served, and the next one is asked to try again."""
    with listening(path, Limits(clients=3)) as control:
        clients = [connect(path, b"tell\n") for _ in range(3)]
        waiting = requests(control, 3)
        assert answer(connect(path, b"tell\n")) == {"ok": False, "error": "too many requests at a time; try again"}
        for number, request in enumerate(waiting):
            request.reply({"ok": True, "said": "a" * 60_000, "number": number})
        assert [answer(client)["number"] for client in clients] == [0, 1, 2]
        assert control.take() == []


def test_a_crowd_of_clients_is_served_in_the_end(path):
    """Eight clients at a time ask twenty-five times each, and no file is left open."""
    with listening(path) as control:
        files = len(os.listdir("/proc/self/fd"))
        with ThreadPoolExecutor(8) as crowd:
            answers = [crowd.submit(client.send, Command.TELL, path) for _ in range(200)]
            while not all(each.done() for each in answers):
                for request in requests(control, 0):
                    request.reply({"ok": True})
        assert [each.result() for each in answers] == [{"ok": True}] * 200
        until(lambda: len(os.listdir("/proc/self/fd")) == files)  # the last client has its answer before it is closed


def test_at_the_end_the_answers_are_sent_and_the_rest_is_refused(path):
    """The client that requested the stop gets its answer; a request without an answer is refused."""
    control = ControlSocket(path)
    stopper, other = connect(path, b"stop\n"), connect(path, b"tell\n")
    stop = {request.command: request for request in requests(control, 2)}[Command.STOP]
    stop.reply({"ok": True, "said": "stopping"})
    control.close()
    control.close()
    assert answer(stopper) == {"ok": True, "said": "stopping"}
    assert answer(other) == {"ok": False, "error": "the assistant ends"}
    assert not path.exists()
    stop.reply({"ok": True})


def test_only_its_user_may_connect(path):
    """The socket has mode 0600 and its folder 0700, whatever the umask is."""
    before = os.umask(0)
    try:
        with listening(path):
            modes = [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path)]
    finally:
        os.umask(before)
    assert modes == [0o700, 0o600]


def test_a_second_one_is_refused_and_leaves_the_first_alone(path):
    """A second socket on the same path is refused until the first one is closed."""
    with listening(path) as control:
        with pytest.raises(ConfigError, match="already running"):
            ControlSocket(path)
        assert_serves(control, path)
    with listening(path) as control:
        assert_serves(control, path)


KILLED = """
import os, sys, pathlib
from assistant.controls.drivers.control_socket import ControlSocket
ControlSocket(pathlib.Path(sys.argv[1]))
os.kill(os.getpid(), 9)
"""


def test_the_socket_of_a_dead_program_is_replaced(path):
    """A program that was killed leaves its socket behind, and the next program replaces it."""
    subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    assert path.is_socket()
    with listening(path) as control:
        assert_serves(control, path)


def test_a_file_in_its_place_is_kept(path):
    """A file that has the name of the socket is not removed."""
    path.parent.mkdir(mode=0o700)
    path.write_text("mine")
    with pytest.raises(ControlError, match="control socket"):
        ControlSocket(path)
    assert path.read_text() == "mine"


def test_a_path_that_is_too_long_for_a_socket(tmp_path):
    """A path over 108 bytes raises an error, and no lock is kept."""
    for _ in range(2):
        with pytest.raises(ControlError, match="too long"):
            ControlSocket(tmp_path / ("a" * 120) / "control.sock")


def test_where_it_is(tmp_path):
    """The socket lies in systemd's folder, else in that of the session, else in a folder of the user below /tmp."""
    session = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert socket_path({"RUNTIME_DIRECTORY": "/run/one:/run/two", **session}) == Path("/run/one/control.sock")
    assert socket_path(session) == tmp_path / "emotion-assistant" / "control.sock"
    assert socket_path({"XDG_RUNTIME_DIR": "/nowhere"}).parent.name == f"emotion-assistant-{os.getuid()}"


TRAPS = {
    "open to others": lambda folder: (folder.mkdir(), folder.chmod(0o777)),
    "a link": lambda folder: folder.symlink_to(folder.parent),
    "a file": lambda folder: folder.write_text(""),
    "in no folder": lambda folder: folder.symlink_to("/does/not/exist"),
    "of somebody else": lambda folder: (folder.mkdir(mode=0o700), os.chown(folder, 12345, -1)),
}


@pytest.mark.parametrize("set_trap", TRAPS.values(), ids=TRAPS.keys())
def test_a_folder_that_cannot_be_trusted_is_refused(tmp_path, set_trap):
    """A folder in which another user could replace the socket raises an error."""
    try:
        set_trap(tmp_path / "trap")
    except PermissionError:
        pytest.skip("only root can give a folder away")
    with pytest.raises(ControlError, match="control socket"):
        ControlSocket(tmp_path / "trap" / "control.sock")
