"""The names and addresses under which the page answers."""

from __future__ import annotations

import pytest

from assistant.web.access.hosts import is_loopback, is_own, own_names


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
    """A name of the machine, or the address that was connected to, is accepted, and no other."""
    assert is_own(header, {"localhost", "headset"}, local) is expected


def test_names_of_the_settings_count():
    """The names of the settings are compared in small letters."""
    assert {"localhost", "one", "two.home"} <= own_names("One  two.HOME")
    assert "" not in own_names()


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("x", False)],  # noqa: S104
)
def test_only_loopback_is_for_this_machine_alone(address, expected):
    """The address of all interfaces is not a loopback address."""
    assert is_loopback(address) is expected
