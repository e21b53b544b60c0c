"""A fault is reported once, and its end is reported once."""

import pytest

from assistant.faults import SUBJECTS, Fault, Faults, subject_of
from assistant.health.machine import WELL_READINGS, HealthWatch, MachineHealth
from assistant.speech.phrases import Phrases


def test_news_is_told_once():
    """The same fault again is no news; another fault of the same subject is, and so is the end of a fault."""
    faults = Faults()
    told = [
        Fault.CAMERA_STALLED,
        Fault.CAMERA_STALLED,
        Fault.CAMERA_LOST,
        Fault.HOT,
        Fault.CAMERA_BACK,
        Fault.CAMERA_BACK,
    ]
    assert [faults.tell(fault) for fault in told] == [True, False, True, True, True, False]
    assert faults.active() == (Fault.HOT,)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_subject_with_an_end_and_words(fault):
    """Every fault can end, and there is a phrase for it."""
    wrong, well = SUBJECTS[subject_of(fault)]
    assert fault in (*wrong, well)
    assert Phrases.load("en").all()[str(fault)]


@pytest.mark.parametrize(
    ("readings", "told"),
    [
        ([(70, None), (81, Fault.HOT), (79, None), (76, None), (74, Fault.COOLED)], "temperature_c"),
        ([(False, None), (True, Fault.LOW_VOLTAGE), (None, None), (False, Fault.VOLTAGE_BACK)], "voltage_is_low"),
        ([(True, Fault.THROTTLED), (True, None), (False, Fault.FULL_SPEED)], "is_throttled"),
        ([(10**9, None), (10**7, Fault.DISK_FULL), (25 * 10**6, None), (10**8, Fault.DISK_FREE)], "free_bytes"),
        ([(None, None)], "temperature_c"),
    ],
)
def test_the_machines_troubles_begin_and_end_once(readings, told):
    """A reading between the two limits of a fault neither begins nor ends it, so no fault comes again and again."""
    watch = HealthWatch()
    for value, fault in readings:
        changes = [change for _ in range(WELL_READINGS) for change in watch.update(MachineHealth(**{told: value}))]
        assert changes == ([] if fault is None else [fault])


def test_a_voltage_that_wavers_is_told_once():
    """A voltage that is low at every third reading is one fault, not one every five seconds."""
    watch = HealthWatch()
    changes = [change for low in (True, False, False) * 9 for change in watch.update(MachineHealth(voltage_is_low=low))]
    assert changes == [Fault.LOW_VOLTAGE]
