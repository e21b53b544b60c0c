"""The remote: the events of the kernel, and a device that is plugged in and out."""

from __future__ import annotations

import importlib.util
import logging
import queue
import time
from itertools import pairwise

import pytest

from assistant.controls.commands import Command, Edge
from assistant.controls.drivers.input_devices import find_device
from assistant.controls.drivers.remote import KeyReader, Remote, key_codes, open_remote
from assistant.controls.gestures import ControlPanel
from assistant.controls.settings import RemoteSettings
from assistant.errors import ButtonError, ConfigError
from tests.fakes.remotes import CODES, KEYS, LOUDER, NEXT, PLAY, FakeDevice, key, taken

SYNCHRONISED, LOST_EVENTS = (0, 0, 0), (0, 3, 0)


EVENTS = {
    "the tell key is the button": (
        [key(PLAY, 1), SYNCHRONISED, key(PLAY, 0), LOST_EVENTS],
        [Edge(True, 0), Edge(False, 2)],
    ),
    "the kernel's repetition is none": ([key(PLAY, 1), key(PLAY, 2), key(LOUDER, 2)], [Edge(True, 0)]),
    "the others command when pressed": (
        [key(code, value) for code in (NEXT, LOUDER, 114, 165) for value in (1, 0)],
        [Command.NEXT_MODE, Command.LOUDER, Command.QUIETER, Command.REPEAT],
    ),
    "another key or a mouse asks for nothing": ([key(30, 1), key(30, 0), (2, PLAY, 1)], []),
    "after lost events the button is up by nobody's hand": (
        [key(PLAY, 1), LOST_EVENTS, LOST_EVENTS],
        [Edge(True, 0), Edge(False, 1, by_hand=False)],
    ),
}


@pytest.mark.parametrize(("events", "expected"), EVENTS.values(), ids=EVENTS.keys())
def test_what_events_mean(events, expected):
    """The events of each case of the table above, a second apart, give its inputs."""
    reader = KeyReader(KEYS)
    assert [each for second, event in enumerate(events) for each in reader.read(*event, float(second))] == expected


def test_keys_are_named_in_the_settings():
    """Each setting names a key, and an empty one is not used."""
    chosen = RemoteSettings(tell="BTN_LEFT", repeat="", mode="", louder="KEY_NEXTSONG", quieter="")
    assert key_codes(chosen, CODES) == {272: None, 163: Command.LOUDER}


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        (RemoteSettings(tell="KEY_NOPE"), r"remote\.tell = 'KEY_NOPE': there is no such key"),
        (RemoteSettings(mode="EV_KEY"), r"remote\.mode = 'EV_KEY': there is no such key"),
        (RemoteSettings(louder="KEY_PLAYPAUSE"), r"remote\.louder = 'KEY_PLAYPAUSE': this key means something else"),
    ],
)
def test_wrong_keys_are_named(settings, error):
    """The error names the setting and what is wrong with its key."""
    with pytest.raises(ConfigError, match=error):
        key_codes(settings, CODES)


def test_a_missing_library_is_named():
    """The error names the Debian package."""
    if importlib.util.find_spec("evdev"):
        open_remote(RemoteSettings(device="Ring")).close()
        return
    with pytest.raises(ButtonError, match=r"remote\.device = 'Ring': .* install Debian's python3-evdev"):
        open_remote(RemoteSettings(device="Ring"))


class Shelf(queue.SimpleQueue):
    """The place where the remote finds its device."""

    def find(self):
        """Return the next device that was put here, or None."""
        if self.empty():
            return None
        device = self.get()
        return find_device("/ring", KEYS, list, lambda _: device)

    def plug_in(self, device: FakeDevice) -> FakeDevice:
        """Put a device here, and wait until the remote has taken it."""
        self.put(device)
        assert device.grabbed.wait(10)
        return device


@pytest.fixture
def shelf():
    """Return a shelf without a device."""
    return Shelf()


@pytest.fixture
def remote(shelf):
    """Yield a remote that scans the shelf every five milliseconds."""
    remote = Remote(KEYS, shelf.find, now=lambda: 7.0, pause_s=0.005)
    yield remote
    remote.close()


def test_a_remote_that_goes_is_taken_up_again(shelf, remote, caplog):
    """The remote works each time that it is plugged in, and each change is logged once."""
    caplog.set_level(logging.INFO)
    for _ in range(3):
        ring = shelf.plug_in(FakeDevice())
        ring.send(key(NEXT, 1))
        assert taken(remote, 1) == [Command.NEXT_MODE]
        ring.send(None)
    shelf.plug_in(FakeDevice())
    gone = "The remote has gone, or cannot be used: No such device."
    logged = [message for message in caplog.messages if message != "The remote is not there."]
    assert logged[:6] == ["The remote is there.", gone] * 3
    assert all(message != after for message, after in pairwise(caplog.messages))


def test_a_remote_that_goes_while_it_is_held_switches_nothing_off(shelf, remote):
    """The button comes up without a hand, so that it gives no power-off."""
    shelf.plug_in(FakeDevice()).send(key(PLAY, 1), None)
    assert taken(remote, 2) == [Edge(True, 7.0), Edge(False, 7.0, by_hand=False)]


def test_the_gestures_work_through_the_remote(shelf, remote):
    """Two presses of its key repeat, and a wake-up without events does nothing."""
    ring = shelf.plug_in(FakeDevice())
    ring.send(key(PLAY, 1), key(PLAY, 0), key(PLAY, 1), key(PLAY, 0))
    ring.send()
    ring.send(key(LOUDER, 1))
    panel, told = ControlPanel([remote]), []
    until_s = time.monotonic() + 10
    while len(told) < 3 and time.monotonic() < until_s:
        told += panel.take(7.0, speaking=False)
    assert told == [Command.TELL, Command.REPEAT, Command.LOUDER]


def test_one_that_another_program_has_is_let_go(shelf, remote):
    """A device that another program has is closed, and the remote scans for a device again."""
    busy = FakeDevice(busy=True)
    shelf.put(busy)
    shelf.plug_in(FakeDevice()).send(key(LOUDER, 1))
    assert taken(remote, 1) == [Command.LOUDER]
    assert busy.closed


def test_closing_lets_go_of_it(shelf, remote):
    """The device is closed with the remote, and a second close does nothing."""
    ring = shelf.plug_in(FakeDevice())
    remote.close()
    remote.close()
    assert ring.closed
