"""The keys of a terminal, through a pseudo-terminal."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import termios
import time

import pytest

from assistant.controls.commands import Command, Edge, Input
from assistant.controls.drivers.keyboard import (
    COMMANDS,
    ESCAPE_S,
    KEYS,
    KeyStream,
    TerminalKeys,
    kept_terminal,
    meaning,
)
from assistant.controls.gestures import ControlPanel
from assistant.errors import ConfigError


def taken(keys: TerminalKeys, count: int) -> list[Input]:
    """Wait for this many inputs and return them."""
    inputs: list[Input] = []
    until_s = time.monotonic() + 10
    while len(inputs) < count and time.monotonic() < until_s:
        inputs += keys.take()
        time.sleep(0.001)
    return inputs


def test_each_key_has_its_meaning():
    """Capital letters mean the same as small ones, and other keys mean nothing."""
    assert meaning("srmx", 1.0) == [Command.STATUS, Command.REPEAT, Command.NEXT_MODE, Command.SILENCE]
    assert meaning("U+-Q", 1.0) == [Command.TOGGLE_MUTE, Command.LOUDER, Command.QUIETER, Command.STOP]
    assert meaning(" ", 1.0) == [Edge(True, 1.0), Edge(False, 1.0)]
    assert meaning("zé\n\x00", 1.0) == []


def test_keys_come_without_the_end_of_a_line(terminal):
    """A key counts at once, and the terminal does not show it."""
    typing, file = terminal
    keys = TerminalKeys(file, io.StringIO())
    os.write(typing, b"m")
    assert taken(keys, 1) == [Command.NEXT_MODE]
    assert not termios.tcgetattr(file)[3] & termios.ECHO
    keys.close()


def test_space_is_the_button(terminal):
    """The space bar is the button: pressed twice, it repeats."""
    typing, file = terminal
    keys = TerminalKeys(file, io.StringIO(), now=lambda: 5.0)
    panel = ControlPanel([keys])
    os.write(typing, b"  +")
    told = []
    until_s = time.monotonic() + 10
    while len(told) < 3 and time.monotonic() < until_s:
        told += panel.take(5.0, speaking=False)
    assert told == [Command.TELL, Command.REPEAT, Command.LOUDER]
    panel.close()


def test_a_question_mark_prints_the_keys(terminal):
    """The list has every key."""
    typing, file = terminal
    out = io.StringIO()
    keys = TerminalKeys(file, out)
    os.write(typing, b"?s")
    assert taken(keys, 1) == [Command.STATUS]
    keys.close()
    assert out.getvalue() == f"{KEYS}\n"
    assert all(f"\n{key} " in KEYS for key in COMMANDS)


@pytest.mark.parametrize("sequence", [b"\x1b[A", b"\x1bOQ", b"\x1b[21~", b"\x1bq", b"\x1b[?6c", b"\x1b[1;5Q"])
def test_arrows_and_function_keys_ask_for_nothing(terminal, sequence):
    """The sequence of F2 holds a Q, which would end the program as a key."""
    typing, file = terminal
    out = io.StringIO()
    keys = TerminalKeys(file, out)
    os.write(typing, b"m" + sequence + b"s" + sequence)
    assert taken(keys, 2) == [Command.NEXT_MODE, Command.STATUS]
    keys.close()
    assert keys.take() == []
    assert out.getvalue() == ""


SEQUENCES = [
    *(b"\x1b[A", b"\x1bOQ", b"\x1b[21~", b"\x1bq", b"\x1b[?6c", b"\x1b[1;5Q", b"\x1bO5Q", b"\x1b[[Q", b"\x1b\x1b[Q"),
    *(b"\x1b]11;rgb:s/q\x07", b"\x1bPq+x\x1b\\", "\x1bé".encode(), b"\x1b[1\x1b[Q", b"\x1b[ 5q"),
]


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_sequence_asks_for_nothing_however_it_is_split(sequence):
    """Split over two reads or over every byte, a sequence means nothing, and the keys around it count."""
    for place in range(len(sequence) + 1):
        stream = KeyStream()
        assert stream.feed(b"m" + sequence[:place], 1.0) + stream.feed(sequence[place:] + b"s", 1.1) == "ms"
    stream = KeyStream()
    assert "".join(stream.feed(bytes([byte]), 1.0) for byte in b"m" + sequence + b"s") == "ms"


def test_the_escape_key_takes_no_later_key_with_it():
    """A sequence that has begun waits for its rest; a letter of two bytes is read over two reads."""
    stream = KeyStream()
    assert stream.feed(b"\x1b", 1.0) + stream.feed(b"m", 1.1 + ESCAPE_S) == "m"
    assert stream.feed(b"\x1b[1;", 5.0) + stream.feed(b"5Q", 60.0) == ""
    letter = "é".encode()
    assert stream.feed(letter[:1], 70.0) + stream.feed(letter[1:], 70.1) == "é"


def test_a_split_sequence_does_not_stop_the_program(terminal):
    """F2 in two reads, as a slow line brings it, does not count as Q."""
    typing, file = terminal
    keys = TerminalKeys(file, io.StringIO(), now=lambda: 5.0)
    for part in (b"m\x1bO", b"Qs"):
        os.write(typing, part)
        assert len(taken(keys, 1)) == 1
    keys.close()


def test_a_terminal_is_put_back_as_it_was(terminal):
    """The terminal is restored before the program is ended at once; without a terminal nothing happens."""
    _, file = terminal
    before = termios.tcgetattr(file)
    restore = kept_terminal(file)
    keys = TerminalKeys(file, io.StringIO())
    restore()
    assert termios.tcgetattr(file) == before
    keys.close()
    kept_terminal(None)()
    with open(os.devnull) as nothing:
        kept_terminal(nothing)()


def test_the_terminal_is_restored(terminal):
    """After closing, the terminal is as before and no key is read; a second close does nothing."""
    typing, file = terminal
    before = termios.tcgetattr(file)
    keys = TerminalKeys(file, io.StringIO())
    assert termios.tcgetattr(file) != before
    keys.close()
    keys.close()
    assert termios.tcgetattr(file) == before
    os.write(typing, b"q\n")
    assert keys.take() == []


def test_a_terminal_that_goes_away_ends_the_reading():
    """Neither reading nor closing raises an error once the terminal has gone."""
    typing, given = pty.openpty()
    with open(given, "r+b", buffering=0) as raw, io.TextIOWrapper(raw) as file:
        keys = TerminalKeys(file, io.StringIO())
        os.close(typing)
        keys.close()
        assert keys.take() == []


CRASH = """
import sys
from assistant.controls.drivers.keyboard import TerminalKeys
keys = TerminalKeys()
{}
"""


@pytest.mark.parametrize("end", ["raise RuntimeError", "sys.exit(3)", ""])
def test_the_terminal_is_restored_after_a_crash(terminal, end):
    """The terminal is as before after an error, an exit, or the end of the program."""
    _, file = terminal
    before = termios.tcgetattr(file)
    subprocess.run([sys.executable, "-c", CRASH.format(end)], stdin=file, stderr=subprocess.DEVNULL, check=False)
    assert termios.tcgetattr(file) == before


def test_what_is_no_terminal_is_refused():
    """Standard input that is not a terminal raises ConfigError."""
    with open(os.devnull) as nothing, pytest.raises(ConfigError, match="--keys: standard input is not a terminal"):
        TerminalKeys(nothing)
