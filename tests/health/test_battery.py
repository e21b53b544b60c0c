"""When the battery's charge is said, and when it ends the run."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.health.battery import EMPTY_S, BatteryReading, BatteryStep, BatteryWatch, Charge
from assistant.health.settings import BatterySettings

FALLEN, LOW, RECOVERED, EMPTY = BatteryStep
CHARGING = True
EVERY_S = 10.0


def steps(*charges, every_s=EVERY_S, watch=None, from_s=0.0):
    """Return the steps with the number of the reading, from 1, at which each was found."""
    watch = watch or BatteryWatch(BatterySettings())
    found = []
    for number, charge in enumerate(charges, 1):
        percent, is_charging = charge if isinstance(charge, tuple) else (charge, None)
        known = None if percent is None else BatteryReading(from_s + number * every_s, Charge(percent, is_charging))
        found += [(number, step) for step in watch.update(known)]
    return found


@pytest.mark.parametrize(
    ("charges", "expected"),
    [
        ([84, 83, 82, 81], []),
        ([21, 20, 20, 20, 19, 18], [(4, FALLEN)]),
        ([20, 21, 20, 21, 20, 21], []),
        ([20, 20, 20, 13, 12, 12, 12, 11], [(3, FALLEN), (7, LOW)]),
        ([12, 12, 12], [(3, LOW)]),
        ([12, 12, 12, 20, 20, 20], [(3, LOW), (6, RECOVERED)]),
        ([12, 12, 12, 14, 16, 17, 12, 12, 12], [(3, LOW)]),
        ([20, 20, 20, 22, 24, 24, 20, 20, 20], [(3, FALLEN)]),
        ([20, 20, 20, 25, 25, 25, 20, 20, 20], [(3, FALLEN), (9, FALLEN)]),
        ([5, 5, 5, 5, 5, 4], [(3, LOW), (5, EMPTY)]),
        ([4, 4, 4, 4, 6, 4, 4, 4, 4, 4], [(3, LOW), (10, EMPTY)]),
        ([4, 4, 4, 4, None, 4, 4, 4, 4, 4], [(3, LOW), (10, EMPTY)]),
    ],
    ids=lambda value: None,
)
def test_what_becomes_of_a_battery(charges, expected):
    """The steps come once each, after three readings in a row, and again only after the charge has risen by five."""
    assert steps(*charges) == expected


@pytest.mark.parametrize("wrong", [0.0, None, 3.0])
def test_a_wrong_reading_or_two_change_nothing(wrong):
    """A battery at 60 percent that is read as empty twice is neither low nor empty."""
    assert steps(60, 60, 60, wrong, wrong, 60, 60, wrong, 60, 60, 60) == []


def test_a_battery_that_charges_is_not_complained_of():
    """While it charges nothing is said and nothing is switched off; a cable that falls out is noticed."""
    charging = [(4, CHARGING)] * 9
    assert steps(*charging) == []
    assert steps(*charging, *[(4, False)] * 5) == [(12, LOW), (14, EMPTY)]


def test_a_charger_ends_a_low_battery():
    """Three readings that charge end it at any charge; one does not, since a contact may be loose."""
    assert steps(12, 12, 12, (12, CHARGING), 12, 12) == [(3, LOW)]
    assert steps(12, 12, 12, *[(12, CHARGING)] * 3, 12, 12, 12) == [(3, LOW), (6, RECOVERED), (9, LOW)]


def test_one_charging_reading_puts_the_switching_off_off():
    """The time for which it counts as empty begins again."""
    assert steps(4, 4, 4, 4, (4, CHARGING), 4, 4, 4, 4, 4) == [(3, LOW), (10, EMPTY)]


def test_a_battery_that_could_not_end_the_run_does_so_again_only_after_it_was_charged():
    """A machine that cannot be switched off is not tried again and again."""
    assert steps(*[4] * 30) == [(3, LOW), (5, EMPTY)]
    again = steps(*[4] * 5, *[(4, CHARGING)] * 3, *[4] * 5)
    assert again == [(3, LOW), (5, EMPTY), (8, RECOVERED), (11, LOW), (13, EMPTY)]


@pytest.mark.parametrize(
    ("settings", "switches_off"), [(BatterySettings(switch_off_percent=0), True), (BatterySettings(), False)]
)
def test_switching_off_can_be_switched_off(settings, switches_off):
    """Neither with 0 percent nor outside of the service does an empty battery end the run."""
    watch = BatteryWatch(settings, switches_off=switches_off)
    assert steps(*[0] * 30, watch=watch) == [(3, LOW)]


def test_readings_of_one_moment_are_no_readings_in_a_row():
    """The same reading counts once, however often it is taken; quick ones count once they span eight seconds."""
    watch, reading = BatteryWatch(), BatteryReading(1.0, Charge(4.0))
    assert [watch.update(reading) for _ in range(9)] == [[]] * 9
    assert steps(*[18] * 20, every_s=1.0) == [(9, FALLEN)]


def test_after_a_long_gap_it_begins_again():
    """Readings before a machine slept say nothing of what is so afterwards."""
    watch = BatteryWatch()
    assert steps(4, 4, watch=watch) == []
    assert steps(4, 4, watch=watch, from_s=3600.0) == []


CHARGES = st.one_of(
    st.none(), st.tuples(st.floats(0, 100), st.sampled_from([None, True, False])), st.tuples(st.just(3.0), st.none())
)


@given(st.lists(CHARGES, max_size=60), st.integers(15, 90), st.integers(0, 14))
def test_it_is_switched_off_only_when_it_is_surely_empty(charges, low, off):
    """Before an end all readings of at least 20 seconds were known, at or below the level, and none charged."""
    watch = BatteryWatch(BatterySettings(low_percent=low, switch_off_percent=off))
    charges = [(None, None) if each is None else each for each in charges]
    for number, step in steps(*charges, watch=watch):
        if step is EMPTY:
            before = charges[number - 1 - math.ceil(EMPTY_S / EVERY_S) : number]
            assert all(percent is not None and percent <= off and not charging for percent, charging in before)
            assert off > 0


@given(st.lists(CHARGES, max_size=60))
def test_low_and_recovered_take_turns(charges):
    """A battery that is low recovers before it is low again, and what has not begun does not end."""
    charges = [(None, None) if each is None else each for each in charges]
    changes = [step for _, step in steps(*charges) if step in (LOW, RECOVERED)]
    assert changes == [LOW, RECOVERED] * (len(changes) // 2) + [LOW] * (len(changes) % 2)


@given(st.floats())
def test_a_charge_is_a_percentage(percent):
    """Every other number is refused."""
    if 0 <= percent <= 100:
        assert Charge.checked(percent).percent == percent
    else:
        with pytest.raises(ValueError, match="is not a percentage"):
            Charge.checked(percent)
