"""The figures of the page, for people and for Prometheus."""

import pytest

from assistant.health.battery import Charge
from assistant.health.machine import MachineHealth
from assistant.web.pages.health import exposition, rows
from assistant.web.pages.metrics import Metrics


@pytest.mark.parametrize(
    ("charge", "row", "line"),
    [
        (Charge(84.2, True), "84%, charging", "emotion_assistant_battery_percent 84.2"),
        (Charge(0.0, False), "0%", "emotion_assistant_battery_percent 0"),
        (None, "not known on this machine", ""),
    ],
)
def test_the_battery_is_shown(charge, row, line):
    """The charge is in percent, with whether it charges; a battery that is not known has no figure."""
    now = Metrics(60.0, MachineHealth(), 10**8, has_headset=True, charge=charge)
    assert dict(rows(now))["Battery"] == row
    figures = "".join(exposition(now, {})).splitlines()
    assert [each for each in figures if each.startswith("emotion_assistant_battery")] == ([line] if line else [])


def test_a_page_without_a_headset_has_no_battery():
    """The battery is the headset's."""
    assert "Battery" not in dict(rows(Metrics(60.0, MachineHealth(), None)))
