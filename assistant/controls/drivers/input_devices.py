"""The kernel's input devices that make up a remote, through python-evdev."""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from assistant.controls.commands import Command

EV_KEY = 1
"""The type of a key's event, from linux/input-event-codes.h."""


class InputEvent(Protocol):
    """An event of the kernel."""

    type: int
    code: int
    value: int


class Readable(Protocol):
    """Something that gives events of the kernel."""

    def fileno(self) -> int:
        """Return a file that can be read when there are events, or when the device has gone."""

    def read(self) -> Iterable[InputEvent]:
        """Return the events that have come; raise OSError when the device has gone."""

    def close(self) -> None:
        """Close the device."""


class InputDevice(Readable, Protocol):
    """The part of evdev's InputDevice that is used."""

    name: str

    def capabilities(self) -> Mapping[int, Iterable[int]]:
        """Return the codes that the device can send, by the type of their events."""

    def grab(self) -> None:
        """Keep the events from all other programs; raise OSError when another program has grabbed the device."""


class FoundRemote(Readable, Protocol):
    """A remote that was found."""

    def find_more(self) -> None:
        """Hold the devices of the remote that have come since it was found."""


Keys = Mapping[int, Command | None]
"""The command of each key, by its code; None for the key that acts as the button."""


class RemoteDevices:
    """All input devices of one remote, read as one: many remotes have a keyboard and a consumer control."""

    def __init__(
        self,
        wanted: str,
        keys: Keys,
        list_devices: Callable[[], Iterable[str]],
        open_device: Callable[[str], InputDevice],
    ) -> None:
        """Hold nothing yet; `wanted` is a path, or a name for all devices of that name with one of the keys."""
        self._wanted = wanted
        self._keys = keys
        self._list_devices = (lambda: (wanted,)) if wanted.startswith("/") else list_devices
        self._open_device = open_device
        self._held: dict[str, InputDevice] = {}
        self._others: set[str] = set()
        """The paths of devices that were opened and do not belong to the remote."""
        self._refused: OSError | None = None
        self._poll = select.epoll()

    @property
    def refused(self) -> OSError | None:
        """Why the last device of the remote could not be held."""
        return self._refused

    def is_there(self) -> bool:
        """Return whether a device is held."""
        return bool(self._held)

    def find_more(self) -> None:
        """Hold the devices that have come since the last call; a device that another program has is tried again."""
        paths = set(self._list_devices())
        self._others &= paths
        for path in sorted(paths - self._held.keys() - self._others):
            try:
                device = self._open_device(path)
            except OSError as error:  # the device has gone since it was listed
                self._refused = error if path == self._wanted else self._refused
            else:
                self._try_device(path, device)

    def _try_device(self, path: str, device: InputDevice) -> None:
        if not self._is_wanted(device):
            device.close()
            self._others.add(path)
            return
        try:
            device.grab()
        except OSError as error:  # another program has it
            device.close()
            self._refused = error
        else:
            self._poll.register(device.fileno(), select.EPOLLIN)
            self._held[path] = device

    def _is_wanted(self, device: InputDevice) -> bool:
        if self._wanted.startswith("/"):
            return True
        return device.name == self._wanted and not set(self._keys).isdisjoint(device.capabilities().get(EV_KEY, ()))

    def fileno(self) -> int:
        """Return a file that can be read when one of the devices can."""
        return self._poll.fileno()

    def read(self) -> Iterator[InputEvent]:
        """Yield the events of all devices; raise OSError when one of them has gone."""
        ready = {descriptor for descriptor, _ in self._poll.poll(0)}
        for device in self._held.values():
            if device.fileno() in ready:
                with contextlib.suppress(BlockingIOError):
                    yield from device.read()

    def close(self) -> None:
        """Close all devices."""
        self._poll.close()
        for device in self._held.values():
            with contextlib.suppress(OSError):
                device.close()
        self._held = {}


def find_device(
    wanted: str,
    keys: Keys,
    list_devices: Callable[[], Iterable[str]],
    open_device: Callable[[str], InputDevice],
) -> RemoteDevices | None:
    """Return the remote of this path or name with its devices held, or None when it is not there.

    Raises OSError when the remote is there, but none of its devices can be held.
    """
    found = RemoteDevices(wanted, keys, list_devices, open_device)
    found.find_more()
    if found.is_there():
        return found
    found.close()
    if found.refused is not None:
        raise found.refused
    return None
