"""A remote that a test can plug in and out, and its events as the kernel gives them."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections import namedtuple

from assistant.controls.commands import Input
from assistant.controls.drivers.input_devices import EV_KEY
from assistant.controls.drivers.remote import Remote, key_codes
from assistant.controls.settings import RemoteSettings

CODES = {"KEY_PLAYPAUSE": 164, "KEY_NEXTSONG": 163, "KEY_PREVIOUSSONG": 165, "KEY_VOLUMEUP": 115}
CODES |= {"KEY_VOLUMEDOWN": 114, "BTN_LEFT": 272, "EV_KEY": 1}
PLAY, NEXT, LOUDER = CODES["KEY_PLAYPAUSE"], CODES["KEY_NEXTSONG"], CODES["KEY_VOLUMEUP"]
KEYS = key_codes(RemoteSettings(device="Ring"), CODES)
Event = namedtuple("Event", "type code value")


class FakeDevice:
    """An input device that is readable, through a pipe, when it has events or was unplugged."""

    def __init__(self, name: str = "Ring", codes: tuple[int, ...] = (PLAY, NEXT), busy: bool = False) -> None:
        self.name = name
        self.busy = busy
        self.grabbed = threading.Event()
        self.closed = False
        self._codes = codes
        self._lock = threading.Lock()
        self._events: list[tuple[int, int, int] | None] = []
        self._ready, self._signal = os.pipe()

    def send(self, *events: tuple[int, int, int] | None) -> None:
        """Make these events readable; None unplugs the device."""
        with self._lock:
            self._events += events
            os.write(self._signal, b"!")

    def capabilities(self) -> dict[int, tuple[int, ...]]:
        """Return the codes of its keys, by the type of event."""
        return {0: (0, 1), EV_KEY: self._codes}

    def fileno(self) -> int:
        """Return the file descriptor that is readable when there are events."""
        return self._ready

    def read(self):
        """Yield the events that were sent; raise OSError once the device was unplugged."""
        with self._lock:
            os.read(self._ready, 1)
            events, self._events = self._events, []
        if not events:
            raise BlockingIOError(errno.EAGAIN, "nothing there")
        for event in events:
            if event is None:
                raise OSError(errno.ENODEV, "No such device")
            yield Event(*event)

    def grab(self) -> None:
        """Take the device for this program; raise OSError where another program has it."""
        if self.busy:
            raise OSError(errno.EBUSY, "Device or resource busy")
        self.grabbed.set()

    def close(self) -> None:
        """Close the device, which may happen only once."""
        assert not self.closed
        self.closed = True
        os.close(self._ready)
        os.close(self._signal)


def key(code: int, value: int) -> tuple[int, int, int]:
    """Make the event of a key: 1 when it is pressed, 0 when it is released, 2 when the kernel repeats it."""
    return (EV_KEY, code, value)


def taken(remote: Remote, count: int) -> list[Input]:
    """Wait for this many inputs and return them."""
    inputs: list[Input] = []
    until_s = time.monotonic() + 10
    while len(inputs) < count and time.monotonic() < until_s:
        inputs += remote.take()
        time.sleep(0.001)
    return inputs
