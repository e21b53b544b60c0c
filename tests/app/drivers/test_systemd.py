"""What systemd receives, on sockets of the kind that systemd makes."""

import os
import socket
import time
from contextlib import closing

import pytest

from assistant.app.drivers.systemd import supervisor_of
from assistant.app.reporting.notifier import NoSupervisor


@pytest.fixture(params=["a path", "an abstract name"])
def systemd(request, tmp_path):
    """Yield a socket that receives, and the value of NOTIFY_SOCKET for it."""
    address = str(tmp_path / "notify") if request.param == "a path" else f"@emotion-assistant-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listener:
        listener.bind(address.replace("@", "\0", 1))
        listener.setblocking(False)
        yield listener, address


def heard(listener):
    """Return the messages since the last call."""
    messages = []
    while True:
        try:
            messages.append(listener.recv(4096).decode())
        except BlockingIOError:
            return messages


def test_everything_is_a_line_that_systemd_knows(systemd):
    """Each message is one assignment, and a status with a line end becomes one line."""
    listener, address = systemd
    supervisor = supervisor_of({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "9000000"})
    assert supervisor.alive_every_s == 3.0
    supervisor.ready()
    supervisor.status("sees someone,\n14.8 pictures a second")
    supervisor.alive()
    supervisor.stopping()
    assert heard(listener) == ["READY=1", "STATUS=sees someone, 14.8 pictures a second", "WATCHDOG=1", "STOPPING=1"]


def test_a_reload_has_its_moment(systemd):
    """The monotonic time stands in the same message, since systemd takes READY for that of the start otherwise."""
    listener, address = systemd
    before = time.monotonic_ns() // 1000
    supervisor_of({"NOTIFY_SOCKET": address}).reloading()
    (message,) = heard(listener)
    first, second = message.splitlines()
    assert first == "RELOADING=1"
    assert before <= int(second.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000


@pytest.mark.parametrize(
    "watchdog",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "9000000", "WATCHDOG_PID": "1"}],
)
def test_without_a_watchdog_it_is_not_fed(systemd, watchdog):
    """Without a watchdog, or with the watchdog of another process, no sign of life is sent."""
    listener, address = systemd
    supervisor = supervisor_of({"NOTIFY_SOCKET": address, **watchdog})
    supervisor.alive()
    assert (supervisor.alive_every_s, heard(listener)) == (float("inf"), [])


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1234"}])
def test_without_systemd_there_is_nobody_to_tell(environment):
    """On a terminal, and with a socket of another family, nothing is notified."""
    assert isinstance(supervisor_of(environment), NoSupervisor)


def test_a_systemd_that_does_not_listen_is_no_trouble(tmp_path):
    """Nothing is raised and nobody waits, whether the socket does not exist or is full since nobody reads it."""
    supervisor_of({"NOTIFY_SOCKET": str(tmp_path / "none")}).ready()
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listener:
        listener.bind(str(tmp_path / "full"))
        listener.setblocking(False)
        supervisor = supervisor_of({"NOTIFY_SOCKET": str(tmp_path / "full")})
        for number in range(1000):
            supervisor.status(f"turn {number}")
        messages = heard(listener)
        assert messages[0] == "STATUS=turn 0"
        assert len(messages) < 1000, "the socket was never full"
        supervisor.status("read again")
        assert heard(listener) == ["STATUS=read again"]
