"""The kernel's input devices that a remote is, through python-evdev."""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from assistant.controls.commands import Command

EV_KEY = 1
"""Of linux/input-event-codes.h."""


class InputEvent(Protocol):
    """One event of the kernel."""

    type: int
    code: int
    value: int


class Readable(Protocol):
    """Something that has events of the kernel."""

    def fileno(self) -> int:
        """Can be read when there are events, or when the device has gone."""

    def read(self) -> Iterable[InputEvent]:
        """The events that are there; OSError when the device has gone."""

    def close(self) -> None:
        """Let go of it."""


class InputDevice(Readable, Protocol):
    """What of evdev's InputDevice is used."""

    name: str

    def capabilities(self) -> Mapping[int, Iterable[int]]:
        """The codes that it can send, by the types of events."""

    def grab(self) -> None:
        """Keep the events from all other programs."""


class FoundRemote(Readable, Protocol):
    """A remote that is there."""

    def look_for_more(self) -> None:
        """Take what of it has come since it was found."""


Keys = Mapping[int, Command | None]
"""What the keys mean, by their codes; None: the button."""


class RemoteDevices:
    """All input devices that one remote is, held and read as one: many have a keyboard and a consumer control."""

    def __init__(
        self,
        wanted: str,
        keys: Keys,
        list_devices: Callable[[], Iterable[str]],
        open_device: Callable[[str], InputDevice],
    ) -> None:
        """`wanted` is a path, or the name of devices, of which those with one of the keys are held."""
        self._wanted = wanted
        self._keys = keys
        self._list_devices = (lambda: (wanted,)) if wanted.startswith("/") else list_devices
        self._open_device = open_device
        self._held: dict[str, InputDevice] = {}
        self._others: set[str] = set()
        """Paths of devices that were looked at and are none of it."""
        self._refused: OSError | None = None
        self._poll = select.epoll()

    @property
    def refused(self) -> OSError | None:
        """Why the last one that is wanted could not be held."""
        return self._refused

    def is_there(self) -> bool:
        """Whether a device is held."""
        return bool(self._held)

    def look_for_more(self) -> None:
        """Hold those that have come since the last look; one that another program has is tried again each time."""
        paths = set(self._list_devices())
        self._others &= paths
        for path in sorted(paths - self._held.keys() - self._others):
            try:
                device = self._open_device(path)
            except OSError as error:  # gone since it was listed
                self._refused = error if path == self._wanted else self._refused
            else:
                self._look_at(path, device)

    def _look_at(self, path: str, device: InputDevice) -> None:
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
        """Can be read when one of them can."""
        return self._poll.fileno()

    def read(self) -> Iterator[InputEvent]:
        """The events of all that have some; OSError when one of them has gone."""
        ready = {descriptor for descriptor, _ in self._poll.poll(0)}
        for device in self._held.values():
            if device.fileno() in ready:
                with contextlib.suppress(BlockingIOError):
                    yield from device.read()

    def close(self) -> None:
        """Let go of all."""
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
    """The device of that path, or all of that name that have one of the keys, held; OSError where none may be held."""
    found = RemoteDevices(wanted, keys, list_devices, open_device)
    found.look_for_more()
    if found.is_there():
        return found
    found.close()
    if found.refused is not None:
        raise found.refused
    return None
