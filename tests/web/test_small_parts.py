"""Rates, names, aim: the parts that decide by themselves."""

from __future__ import annotations

import pytest

from assistant.geometry import BoundingBox
from assistant.web.access.hosts import is_loopback, is_own, own_names
from assistant.web.access.rates import MOST_ADDRESSES, Rates
from assistant.web.cameras.aim import GOOD, NOBODY, aim
from assistant.web.pages.try_page import plain_cell


def test_a_bucket_fills_with_time():
    """Two at once, then one each second; others have their own."""
    rates = Rates(a_second=1.0, at_once=2)
    assert [rates.take("a", now) for now in (0, 0, 0, 0.5, 1, 1.5, 9, 9, 9)] == [
        *(True, True, False, False, True, False),
        *(True, True, False),
    ]
    assert rates.take("b", 9)


def test_no_more_addresses_are_remembered_than_there_is_room_for():
    """The one that asked last is."""
    rates = Rates(a_second=0.0, at_once=1)
    for number in range(MOST_ADDRESSES + 9):
        rates.take(str(number), 0)
    assert not rates.take(str(MOST_ADDRESSES + 8), 0)
    assert rates.take("0", 0)


@pytest.mark.parametrize(
    ("header", "local", "expected"),
    [
        ("localhost", "127.0.0.1", True),
        ("192.168.1.20:8765", "192.168.1.20", True),
        ("192.168.1.20:8765", "::ffff:192.168.1.20", True),
        ("[fe80::1]:8765", "fe80::1%wlan0", True),
        ("[::1]", "::1", True),
        ("192.168.1.21", "192.168.1.20", False),
        ("headset", "192.168.1.20", True),
        ("headset.", "192.168.1.20", True),
        ("heads\u00e9t", "192.168.1.20", False),
        ("headset evil", "192.168.1.20", False),
        ("headset/", "192.168.1.20", False),
        ("unknown", "unknown", False),
    ],
)
def test_a_name_or_the_very_address_is_its_own(header, local, expected):
    """Nothing else."""
    assert is_own(header, {"localhost", "headset"}, local) is expected


def test_names_of_the_settings_count():
    """In small letters."""
    assert {"localhost", "one", "two.home"} <= own_names("One  two.HOME")
    assert "" not in own_names()


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("x", False)],  # noqa: S104
)
def test_only_loopback_is_for_this_machine_alone(address, expected):
    """All addresses are not."""
    assert is_loopback(address) is expected


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (None, NOBODY),
        (BoundingBox(270, 160, 100, 100), GOOD),
        (BoundingBox(500, 160, 100, 100), "Turn the camera to the right."),
        (BoundingBox(20, 160, 100, 100), "Turn the camera to the left."),
        (BoundingBox(270, 0, 100, 100), "Turn the camera up."),
        (BoundingBox(270, 370, 100, 100), "Turn the camera down."),
        (BoundingBox(0, 370, 100, 100), "Turn the camera to the left and down."),
        (BoundingBox(300, 200, 40, 40), "The face is far away. Come nearer."),
        (BoundingBox(100, 0, 440, 440), "The face is very near. Step back."),
    ],
)
def test_the_camera_is_turned_towards_the_face(box, words):
    """In a frame of 640x480; as the wearer turns the head."""
    assert aim(box, 640, 480) == words


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx"])
def test_no_cell_is_a_formula(text):
    """A spreadsheet would run it."""
    assert plain_cell(text) == f"'{text}"
    assert plain_cell(f"a{text}") == f"a{text}"
