"""The thread that reads the battery."""

import itertools
import threading
import time
from contextlib import closing

import pytest

from assistant.errors import BatteryError
from assistant.health.battery import Charge
from assistant.health.drivers.battery_reader import STALE_S, BatteryReader, first_charge


class Source:
    """A source with a charge, with none, or with an error; it may hang."""

    def __init__(self, found, hangs=None):
        self.name = "the test"
        self.found = found
        self.hangs = hangs or threading.Event()
        self.is_hanging = threading.Event()
        self.reads = 0
        if hangs is None:
            self.hangs.set()

    def read(self):
        """Return or raise what the test has set."""
        self.reads += 1
        while not self.hangs.wait(0.005):
            self.is_hanging.set()
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def close(self):
        """End a reading that hangs."""
        self.hangs.set()


def comes(condition):
    """Return whether this becomes true within some seconds."""
    until_s = time.monotonic() + 10
    while not condition() and time.monotonic() < until_s:
        time.sleep(0.005)
    return condition()


def test_the_first_source_with_a_battery_counts():
    """A source without a battery, or with one that cannot be read, is passed over; a failure alone is raised."""
    none, broken, full = Source(None), Source(BatteryError("broken")), Source(Charge(90.0))
    assert first_charge([none, broken, full, Source(Charge(1.0))]) == (full, Charge(90.0))
    assert first_charge([none]) is None
    with pytest.raises(BatteryError, match="broken"):
        first_charge([none, broken])


def test_readings_are_dated_and_logged_once(caplog):
    """Each reading has its time; the log says what has changed, and only that."""
    caplog.set_level("INFO")
    source, now = Source(Charge(84.0)), itertools.count(0.0, 0.001)
    with closing(BatteryReader([source], lambda: next(now), every_s=0.01)) as reader:
        assert comes(lambda: source.reads > 3)
        assert reader.latest().charge == Charge(84.0)
        first_s = reader.latest().t_s
        assert comes(lambda: reader.latest().t_s > first_s)
        source.found = BatteryError("no answer")
        assert comes(lambda: "no answer" in caplog.messages)
        assert reader.latest() is None
    assert caplog.messages == ["the battery is read from the test", "no answer"]


def test_a_source_that_hangs_delays_nobody():
    """The latest reading is given at once, until it is too old; the thread ends with the source."""
    source, now_s = Source(Charge(84.0)), 0.0
    reader = BatteryReader([source], lambda: now_s, every_s=0.01)
    assert comes(lambda: reader.latest() is not None)
    source.hangs.clear()
    assert source.is_hanging.wait(10)
    now_s = STALE_S
    assert reader.latest() is not None
    now_s = STALE_S + 1.0
    assert reader.latest() is None
    reader.close()


def test_a_machine_without_a_battery_is_asked_seldom(caplog):
    """After the first look nothing is read for a minute."""
    caplog.set_level("DEBUG")
    source = Source(None)
    with closing(BatteryReader([source], every_s=0.01)) as reader:
        assert comes(lambda: bool(caplog.messages))
        time.sleep(0.1)
        assert (source.reads, reader.latest()) == (1, None)
    assert caplog.messages == ["no battery is known"]
