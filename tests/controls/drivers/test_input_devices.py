"""A remote that is several input devices of the kernel: every device that has a wanted key is held."""

from __future__ import annotations

import errno

import pytest

from assistant.controls.commands import Command
from assistant.controls.drivers.input_devices import find_device
from assistant.controls.drivers.remote import Remote
from tests.fakes.remotes import KEYS, LOUDER, NEXT, PLAY, FakeDevice, key, taken


def nodes_of(*devices: FakeDevice):
    """Return functions that list these devices as /1, /2 and so on, after a /0 that has gone, and open them."""

    def open_device(path: str) -> FakeDevice:
        if path == "/0":
            raise OSError(errno.ENODEV, "No such device")
        return devices[int(path[1:]) - 1]

    return (lambda: [f"/{place}" for place in range(len(devices) + 1)]), open_device


def test_the_remote_is_found_by_its_name_and_its_keys_or_by_its_path():
    """Two of three devices of the name have a wanted key and are held; the others are closed."""
    ring, volume = FakeDevice("Ring"), FakeDevice("Ring", (LOUDER,))
    devices = (FakeDevice("Keyboard"), FakeDevice("Ring", (272,)), ring, volume)
    remote = find_device("Ring", KEYS, *nodes_of(*devices))
    assert [device.grabbed.is_set() for device in devices] == [False, False, True, True]
    assert [device.closed for device in devices] == [True, True, False, False]
    ring.send(key(PLAY, 1))
    volume.send(key(LOUDER, 1))
    assert sorted((event.code, event.value) for event in remote.read()) == [(LOUDER, 1), (PLAY, 1)]
    assert list(remote.read()) == []
    remote.close()
    assert all(device.closed for device in devices)


def test_a_path_names_one_device():
    """A path is enough, whatever the device's name; a device that has gone raises an error."""
    device = FakeDevice("Something", (272,))
    remote = find_device("/1", KEYS, *nodes_of(device, FakeDevice("Something", (272,))))
    assert device.grabbed.is_set()
    remote.close()
    assert find_device("Other", KEYS, *nodes_of(FakeDevice("Ring"))) is None
    with pytest.raises(OSError, match="No such device"):
        find_device("/0", KEYS, *nodes_of())


def test_one_of_its_devices_that_another_program_has_is_tried_again():
    """The rest of the remote works meanwhile; when all devices are taken, an error is raised."""
    volume, ring = FakeDevice("Ring", (LOUDER,), busy=True), FakeDevice("Ring")
    with pytest.raises(OSError, match="busy"):
        find_device("Ring", KEYS, *nodes_of(volume))
    opened = [FakeDevice("Ring", (LOUDER,), busy=True), FakeDevice("Ring", (LOUDER,))]
    remote = find_device("Ring", KEYS, lambda: ["/1", "/2"], lambda path: ring if path == "/2" else opened.pop(0))
    assert (ring.grabbed.is_set(), len(opened)) == (True, 1)
    (free,) = opened
    remote.find_more()
    remote.find_more()
    free.send(key(LOUDER, 1))
    assert [event.code for event in remote.read()] == [LOUDER]
    remote.close()


def test_a_device_of_the_remote_that_comes_later_is_held_too():
    """The kernel makes the devices one after the other; when one goes, all are closed and searched again."""
    volume, ring = FakeDevice("Ring", (LOUDER,)), FakeDevice("Ring")
    nodes = {"/1": volume}
    remote = Remote(KEYS, lambda: find_device("Ring", KEYS, lambda: list(nodes), nodes.__getitem__), pause_s=0.005)
    assert volume.grabbed.wait(10)
    nodes["/2"] = ring
    assert ring.grabbed.wait(10)
    ring.send(key(NEXT, 1))
    volume.send(key(LOUDER, 1))
    assert set(taken(remote, 2)) == {Command.NEXT_MODE, Command.LOUDER}
    nodes.clear()
    volume.send(None)
    again = FakeDevice("Ring")
    nodes["/3"] = again
    assert again.grabbed.wait(10)
    assert (volume.closed, ring.closed) == (True, True)
    remote.close()
