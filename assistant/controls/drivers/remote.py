"""A Bluetooth or USB remote, through the kernel's input events and python-evdev, in a thread."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
from collections.abc import Callable, Mapping

from assistant.controls.commands import Command, Edge, Inbox, Input
from assistant.controls.drivers.input_devices import EV_KEY, FoundRemote, Keys, find_device
from assistant.controls.settings import RemoteSettings
from assistant.errors import ButtonError, ConfigError

EV_SYN, SYN_DROPPED = 0, 3
"""From linux/input-event-codes.h; SYN_DROPPED means that events were lost."""

UP, DOWN = 0, 1
"""The values of a key's event; the value 2, which is not used, is the kernel's repetition of a key that is held."""

SEARCH_PAUSE_S = 1.0
"""The time between two searches: the press that wakes a sleeping remote is lost, a press one second later is not."""

logger = logging.getLogger(__name__)


class KeyReader:
    """Turns the events of one remote into edges of the button and commands."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._is_down = False

    def read(self, kind: int, code: int, value: int, now: float) -> list[Input]:
        """Return what one event asks for."""
        if (kind, code) == (EV_SYN, SYN_DROPPED):
            return self.lose(now)
        if kind != EV_KEY or code not in self._keys or value not in (UP, DOWN):
            return []
        command = self._keys[code]
        if command is None:
            self._is_down = value == DOWN
            return [Edge(self._is_down, now)]
        return [command] if value == DOWN else []

    def lose(self, now: float) -> list[Input]:
        """Forget which keys are down: a button that was down goes up, but not by hand."""
        was_down, self._is_down = self._is_down, False
        return [Edge(False, now, by_hand=False)] if was_down else []


class Remote:
    """Reads a remote while it is there, and searches for it while it is not."""

    def __init__(
        self,
        keys: Keys,
        find: Callable[[], FoundRemote | None],
        now: Callable[[], float] = time.monotonic,
        pause_s: float = SEARCH_PAUSE_S,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin to search; `find` returns the opened remote, or returns None or raises OSError while there is none.

        `wake` is called with each input.
        """
        self._keys = keys
        self._find = find
        self._now = now
        self._pause_s = pause_s
        self._logged = ""
        self._inbox = Inbox(wake)
        self._closed, self._closing = os.pipe()
        self._thread = threading.Thread(target=self._run, name="remote", daemon=True)
        self._thread.start()

    def take(self) -> list[Input]:
        """Return what was pressed since the last call."""
        return self._inbox.take()

    def close(self) -> None:
        """Close the remote."""
        if self._closing < 0:
            return
        os.close(self._closing)
        self._closing = -1
        self._thread.join()
        os.close(self._closed)

    def _run(self) -> None:
        while True:
            try:
                self._find_and_follow()
            except OSError as error:  # it went while it was opened, or another program has grabbed it
                self._log_state(f"has gone, or cannot be used: {error.strerror}")
            if select.select([self._closed], [], [], self._pause_s)[0]:
                return

    def _find_and_follow(self) -> None:
        device = self._find()
        if device is None:
            self._log_state("is not there")
            return
        with contextlib.closing(device):
            self._log_state("is there")
            self._follow(device)

    def _log_state(self, state: str) -> None:
        if state != self._logged:
            logger.info("The remote %s.", state)
        self._logged = state

    def _follow(self, device: FoundRemote) -> None:
        """Read the remote until the end; raise OSError when it has gone."""
        reader = KeyReader(self._keys)
        try:
            while not self._wait_for(device):
                for event in device.read():
                    self._inbox.put(*reader.read(event.type, event.code, event.value, self._now()))
        finally:
            self._inbox.put(*reader.lose(self._now()))

    def _wait_for(self, device: FoundRemote) -> bool:
        """Wait for events, and find devices of the remote that come late; return True when the program ends."""
        while not (ready := select.select([device.fileno(), self._closed], [], [], self._pause_s)[0]):
            device.find_more()
        return self._closed in ready


def open_remote(
    settings: RemoteSettings, now: Callable[[], float] = time.monotonic, wake: Callable[[], None] = lambda: None
) -> Remote:
    """Return the remote of the settings; raise ButtonError without python-evdev, ConfigError for a wrong key."""
    try:
        import evdev
    except ImportError as error:
        raise ButtonError(f"remote.device = {settings.device!r}: {error}; install Debian's python3-evdev") from error
    keys = key_codes(settings, evdev.ecodes.ecodes)
    return Remote(
        keys, lambda: find_device(settings.device, keys, evdev.list_devices, evdev.InputDevice), now, wake=wake
    )


def key_codes(settings: RemoteSettings, known: Mapping[str, int]) -> Keys:
    """Return the command of each key by its code; raise ConfigError for an unknown key or one that is set twice."""
    names: Mapping[str, Command | None] = {
        "tell": None,
        "repeat": Command.REPEAT,
        "mode": Command.NEXT_MODE,
        "louder": Command.LOUDER,
        "quieter": Command.QUIETER,
    }
    keys: dict[int, Command | None] = {}
    for setting, command in names.items():
        key = getattr(settings, setting)
        if not key:
            continue
        if not key.startswith(("KEY_", "BTN_")) or key not in known:
            raise ConfigError(f"remote.{setting} = {key!r}: there is no such key; KEY_PLAYPAUSE and KEY_ENTER are keys")
        if known[key] in keys:
            raise ConfigError(f"remote.{setting} = {key!r}: this key means something else; choose another")
        keys[known[key]] = command
    return keys
