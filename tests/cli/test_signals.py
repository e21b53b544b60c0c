"""Signals: a program obeys them although it holds a lock or hangs."""

import os
import pty
import signal
import subprocess
import sys
import termios
from contextlib import suppress

import pytest

from tests.running.watching import until

HOLDING_THE_LOCK = """
import os, signal, sys
from assistant.cli.signals import Signals
signals = Signals(reloads=True)
reloads = []
signals.reload = lambda: reloads.append(1)
with signals.stop._cond:  # as the main thread holds it in `set` and in `wait`
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
signals.stop.wait()
print(len(reloads))
signals.leave()
"""

HANGING = """
import os, sys, time
from assistant.controls.drivers.keyboard import TerminalKeys
from assistant.cli.signals import Signals
signals = Signals(reloads=False, keys=True)
keys = TerminalKeys()
os.write(1, b"begun")
while True:
    time.sleep(60)
"""

COUNTING = """
import os
from assistant.cli.signals import Signals
signals = Signals(reloads=True)
reloads = []
signals.reload = lambda: reloads.append(1)
os.write(1, b"begun")
signals.stop.wait()
print(len(reloads) > 0)
signals.leave()
"""


def test_a_signal_in_the_midst_of_another_locks_nothing():
    """A signal that comes while the main thread holds the lock of `stop` is obeyed once the lock is free."""
    ended = subprocess.run([sys.executable, "-c", HOLDING_THE_LOCK], check=True, timeout=20, capture_output=True)
    assert (ended.stdout, ended.stderr) == (b"1\n", b"")


def test_many_signals_are_all_right():
    """Five hundred hang-ups have the settings read again at least once, and then the program ends."""
    with subprocess.Popen([sys.executable, "-c", COUNTING], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.read(5) == b"begun"
        for _ in range(500):
            child.send_signal(signal.SIGHUP)
        child.send_signal(signal.SIGTERM)
        assert child.stdout.read() == b"True\n"
        assert child.wait(10) == 0


def interrupt(child):
    """Interrupt the program again and again, as a person who presses Ctrl-C, and return its exit code."""
    for _ in range(100):
        child.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return child.wait(0.1)
    return child.wait(1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_program_that_hangs_ends_and_leaves_the_terminal_as_it_was(number):
    """The program is ended at once after two seconds; of interruptions, the second one has this effect."""
    typing, given = pty.openpty()
    before = termios.tcgetattr(given)
    with subprocess.Popen([sys.executable, "-c", HANGING], stdin=given, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.read(5) == b"begun"
        until(lambda: termios.tcgetattr(given) != before)
        if number == signal.SIGINT:
            assert interrupt(child) == 0
        else:
            child.send_signal(number)
            assert child.wait(10) == 0
    assert termios.tcgetattr(given) == before
    os.close(typing)
    os.close(given)
