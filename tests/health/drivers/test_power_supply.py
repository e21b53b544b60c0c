"""The batteries in a made tree of `/sys/class/power_supply`."""

import pytest

from assistant.errors import BatteryError
from assistant.health.battery import Charge
from assistant.health.drivers.power_supply import PowerSupply
from tests.fakes.batteries import made_supply


@pytest.mark.parametrize(
    ("status", "is_charging"),
    [("Charging", True), ("Discharging", False), ("Full", False), ("Not charging", None), ("Unknown", None)],
)
def test_the_battery_of_the_machine_is_read(tmp_path, status, is_charging):
    """The charge is in percent; whether it charges is known for three of the kernel's five words."""
    made_supply(tmp_path, "ip5310-battery", type="Battery", capacity="84", status=status, scope="System")
    made_supply(tmp_path, "usb", type="USB", online="1")
    assert PowerSupply(tmp_path).read() == Charge(84.0, is_charging)


def test_batteries_of_other_things_do_not_count(tmp_path):
    """A mouse, a charger and an empty slot are no battery of this machine, and neither is a missing folder."""
    made_supply(tmp_path, "hidpp_battery_0", type="Battery", scope="Device", capacity="3", status="Discharging")
    made_supply(tmp_path, "AC", type="Mains", online="1")
    made_supply(tmp_path, "BAT1", type="Battery", present="0", capacity="0")
    assert PowerSupply(tmp_path).read() is None
    assert PowerSupply(tmp_path / "none").read() is None


def test_two_batteries_are_one(tmp_path):
    """The charge is their mean, so that one that is used first does not count as the whole."""
    made_supply(tmp_path, "BAT0", type="Battery", capacity="0", status="Unknown")
    made_supply(tmp_path, "BAT1", type="Battery", capacity="80", status="Charging")
    assert PowerSupply(tmp_path).read() == Charge(40.0, True)


@pytest.mark.parametrize("capacity", ["", "-1", "nan", "101", "full", None])
def test_a_capacity_that_is_none_is_an_error(tmp_path, capacity):
    """What is no percentage, or is not there, raises an error with the file's name."""
    made_supply(tmp_path, "BAT0", type="Battery", **({} if capacity is None else {"capacity": capacity}))
    with pytest.raises(BatteryError, match=r"BAT0/capacity: .* is not a percentage"):
        PowerSupply(tmp_path).read()
