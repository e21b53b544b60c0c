"""The wearer's own command."""

import sys
import threading
import time

import pytest

from assistant.errors import BatteryError
from assistant.health.battery import Charge
from assistant.health.drivers.battery_command import BatteryCommand, parse_charge
from tests.running.watching import until


def command(code, timeout_s=10.0):
    """Return a command that runs this Python code."""
    return BatteryCommand([sys.executable, "-S", "-c", code], timeout_s)


@pytest.mark.parametrize(
    ("line", "charge"),
    [
        ("84", Charge(84.0)),
        ("84.2%", Charge(84.2)),
        ("0", Charge(0.0)),
        ("100 charging", Charge(100.0, True)),
        ("  7%  discharging ", Charge(7.0, False)),
    ],
)
def test_what_a_command_may_print(line, charge):
    """A percentage, and behind it whether it charges."""
    assert parse_charge(line) == charge


@pytest.mark.parametrize("line", ["", "-1", "nan", "inf", "101", "84 percent", "charging", "84 charging now", "0x10"])
def test_what_a_command_may_not_print(line):
    """Everything else is refused."""
    with pytest.raises(BatteryError, match="a percentage is needed, such as 84"):
        parse_charge(line)


def test_its_first_line_counts():
    """Further lines and a process that it leaves behind do not matter; the standard input is empty."""
    assert command("import sys; print(sys.stdin.read() + '84'); print('more')").read() == Charge(84.0)
    left = "import subprocess, sys; print(9, flush=True); subprocess.run([sys.executable, '-c', 'input()'])"
    assert command(left).read() == Charge(9.0)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("print('full')", "printed 'full': a percentage is needed"),
        ("raise SystemExit(3)", "printed '': a percentage is needed"),
        ("while True: print('9' * 99, end='')", "printed '999"),
    ],
)
def test_what_fails_is_named(code, complaint):
    """The error names the command; one that prints without end is read for some bytes only."""
    with pytest.raises(BatteryError, match=complaint):
        command(code).read()


def test_a_command_that_is_not_there_is_named():
    """The error says that it cannot be started."""
    with pytest.raises(BatteryError, match=r"the command /none cannot be started: .*No such file"):
        BatteryCommand(["/none"]).read()


def test_a_command_that_hangs_is_ended(tmp_path):
    """It is ended after its time, and at once when the program ends."""
    with pytest.raises(BatteryError, match=r"took more than 0.3 seconds and was ended"):
        command("import time; time.sleep(60)", 0.3).read()
    begun = tmp_path / "begun"
    slow = command(f"import time; open({str(begun)!r}, 'w').close(); time.sleep(60)", 30.0)
    ending = threading.Thread(target=lambda: (until(begun.exists), slow.close()))
    ending.start()
    begun_s = time.monotonic()
    with pytest.raises(BatteryError):
        slow.read()
    assert time.monotonic() - begun_s < 10.0
    ending.join()
