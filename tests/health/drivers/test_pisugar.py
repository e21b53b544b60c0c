"""PiSugar's server, made by the test, at a socket and at a port."""

import socket
from contextlib import ExitStack, closing

import pytest

from assistant.errors import BatteryError
from assistant.health.battery import Charge
from assistant.health.drivers import pisugar
from assistant.health.drivers.pisugar import PiSugar
from tests.fakes.batteries import PiSugarServer

WELL = {"get battery": "battery: 84.2\n", "get battery_charging": "battery_charging: true\n"}


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Return a function that starts a server with these answers at `tmp_path / "socket"`."""
    monkeypatch.setattr(pisugar, "TIMEOUT_S", 0.5)
    with ExitStack() as opened:

        def started(answers):
            (tmp_path / "socket").unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(str(tmp_path / "socket"))
            listener.listen()
            return opened.enter_context(closing(PiSugarServer(listener, answers)))

        yield started


def test_the_charge_is_asked_over_one_connection(tmp_path, serve):
    """Every reading asks anew, but the connection stays."""
    server, source = serve(WELL), PiSugar(tmp_path / "socket")
    assert source.read() == Charge(84.2, True)
    server.answers |= {"get battery": "battery: 83\n", "get battery_charging": "battery_charging: false\n"}
    assert source.read() == Charge(83.0, False)
    source.close()
    assert server.connections == 1


def test_presses_of_its_button_are_passed_over(tmp_path, serve):
    """The server sends the presses of the board's button too; whether it charges may be unknown."""
    serve({"get battery": "single\nlong\nbattery: 50\n"} | {"get battery_charging": "battery_charging: ?\n"})
    with closing(PiSugar(tmp_path / "socket")) as source:
        assert source.read() == Charge(50.0, None)


@pytest.mark.parametrize("answer", ["Invalid request.\n", "battery: NaN\n", "battery: -1\n", "battery: \n", "", None])
def test_an_answer_that_is_none_is_an_error(tmp_path, serve, answer):
    """What is no percentage, no answer in time and a closed connection are errors; the next reading tries again."""
    server = serve(WELL | {"get battery": answer})
    with closing(PiSugar(tmp_path / "socket")) as source:
        with pytest.raises(BatteryError, match="PiSugar's server does not say how full the battery is"):
            source.read()
        server.answers |= WELL
        assert source.read() == Charge(84.2, True)


def test_a_server_that_was_started_again_is_found_again(tmp_path, serve):
    """The first reading after that fails, and the second one works."""
    server, source = serve(WELL), PiSugar(tmp_path / "socket")
    assert source.read() == Charge(84.2, True)
    server.close()
    with pytest.raises(BatteryError):
        source.read()
    serve(WELL)
    assert source.read() == Charge(84.2, True)
    source.close()


def test_without_a_server_there_is_no_battery(tmp_path):
    """A socket that nobody serves any more is an error, a missing one is none."""
    assert PiSugar(tmp_path / "socket").read() is None
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(tmp_path / "socket"))
    left.close()
    with pytest.raises(BatteryError, match=r"socket: Connection refused"):
        PiSugar(tmp_path / "socket").read()


def test_the_port_is_tried_after_the_socket(tmp_path):
    """A server that listens on a port alone is found by it."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    with closing(PiSugarServer(listener, WELL)), closing(PiSugar(tmp_path / "socket", address)) as source:
        assert source.read() == Charge(84.2, True)
    assert PiSugar(tmp_path / "socket", address).read() is None
