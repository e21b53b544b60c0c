"""Where the battery is looked for, and what the doctor says of it."""

import sys

import pytest

from assistant.errors import BatteryError, ConfigError
from assistant.health.battery import NoBattery
from assistant.health.build import battery_sources, build_battery, examine_battery
from assistant.health.settings import BatterySettings
from tests.fakes.batteries import made_supply

CHARGE = f"{sys.executable} -c 'print(\"84 charging\")'"


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """Look for batteries in a folder of the test alone, which is returned."""
    supplies, pisugar = (f"assistant.health.build.{name}" for name in ("PowerSupply", "PiSugar"))
    power_supply, server = (sys.modules["assistant.health.build"].__dict__[name] for name in ("PowerSupply", "PiSugar"))
    monkeypatch.setattr(supplies, lambda: power_supply(tmp_path / "sys"))
    monkeypatch.setattr(pisugar, lambda address=None: server(tmp_path / "socket"))
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (BatterySettings(), ["the kernel's power supply", "PiSugar's server"]),
        (BatterySettings(command="ups"), ["the command ups", "the kernel's power supply", "PiSugar's server"]),
        (BatterySettings(source="off", command="ups"), []),
        (BatterySettings(source="sys", command="ups"), ["the kernel's power supply"]),
        (BatterySettings(source="pisugar"), ["PiSugar's server"]),
        (BatterySettings(source="command", command="ups"), ["the command ups"]),
    ],
)
def test_where_the_charge_is_looked_for(settings, names):
    """One's own command comes first; a source that is set is the only one."""
    assert [source.name for source in battery_sources(settings)] == names


def test_what_the_doctor_says(places):
    """It says what it found, or that there is none; a source that is set and has no battery is a failure."""
    assert examine_battery(BatterySettings()) == "this machine knows of none; it cannot say how full it is"
    assert examine_battery(BatterySettings(source="off")) == "it is not read, as battery.source says"
    with pytest.raises(BatteryError, match=r"battery.source is pisugar, but PiSugar's server knows of no battery"):
        examine_battery(BatterySettings(source="pisugar"))
    with pytest.raises(BatteryError, match="the command ups cannot be started"):
        examine_battery(BatterySettings(source="command", command="ups"))
    assert examine_battery(BatterySettings(command=CHARGE)).startswith("84% full, charging, says the command ")
    made_supply(places / "sys", "BAT0", type="Battery", capacity="61", status="Discharging")
    assert examine_battery(BatterySettings()) == "61% full, says the kernel's power supply"


def test_a_command_that_fails_leaves_the_others():
    """With auto, another source may still have a battery; if none has, the command's failure is said."""
    with pytest.raises(BatteryError, match="the command ups cannot be started"):
        examine_battery(BatterySettings(command="ups"))


def test_what_is_not_wanted_is_not_read():
    """Neither a recording nor a battery that is off starts a thread; a wrong command is an error of the settings."""
    assert isinstance(build_battery(BatterySettings(), lambda: 0.0, is_read=False), NoBattery)
    assert isinstance(build_battery(BatterySettings(source="off"), lambda: 0.0), NoBattery)
    assert NoBattery().latest() is None
    with pytest.raises(ConfigError):
        build_battery(BatterySettings(command="'"), lambda: 0.0)
