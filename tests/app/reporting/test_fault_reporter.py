"""Each fault is said once, and so is its end, also over a restart of the program."""

import pytest

from assistant.app.events import EventHub
from assistant.app.reporting.fault_reporter import SAVE_AGAIN_S, FaultReporter
from assistant.faults import Fault
from assistant.speech.announcement import Priority
from tests.fakes.fault_stores import MemoryFaultStore


class Mouth:
    """A stand-in for the voice: what is enqueued waits until `hear` is called."""

    def __init__(self):
        self.waiting, self.muted, self.speaking = [], False, False

    def enqueue(self, announcement, now):
        """Let the announcement wait."""
        self.waiting += announcement.parts

    def is_waiting(self, priority):
        """Return whether a fault waits."""
        return priority is Priority.FAULT and bool(self.waiting)

    def is_speaking(self):
        """Return whether a phrase sounds."""
        return self.speaking

    def hear(self):
        """Say all that waits, and return what was said since the last call."""
        said, self.waiting = self.waiting, []
        return said


def telling(fault_store):
    """Return the fault reporter of a program that has just started, and its voice."""
    mouth = Mouth()
    faults = FaultReporter(mouth, EventHub(), fault_store, recall_timeout_s=20.0)
    faults.recall(0.0)
    return faults, mouth


def test_a_fault_that_was_heard_is_not_told_after_a_restart():
    """After a restart the same fault is not said again, but its end is."""
    fault_store = MemoryFaultStore()
    faults, mouth = telling(fault_store)
    assert faults.report(Fault.HOT, 1.0)
    assert mouth.hear() == ["hot"]
    faults.step(1.1)
    faults, mouth = telling(fault_store)
    assert not faults.report(Fault.HOT, 1.0)
    faults.step(30.0)
    assert (faults.active(), mouth.hear()) == ((Fault.HOT,), [])
    faults.report(Fault.COOLED, 31.0)
    assert mouth.hear() == ["cooled"]
    faults.step(31.0)
    assert fault_store.told == ()


@pytest.mark.parametrize(
    "why", ["it waits", "there is no sound", "it still sounds", "it is muted", "it failed just now"]
)
def test_a_fault_that_nobody_heard_is_told_again(why):
    """When the program ended before the wearer could hear the fault, the next run says it."""
    fault_store = MemoryFaultStore()
    faults, mouth = telling(fault_store)
    faults.report(Fault.CAMERA_LOST, 1.0)
    if why == "there is no sound":
        faults.report(Fault.SOUND_GONE, 1.0)
    mouth.speaking, mouth.muted = why in ("it still sounds", "it failed just now"), why == "it is muted"
    if why != "it waits":
        mouth.hear()
    faults.listen()
    if why == "it failed just now":
        mouth.speaking = False
    faults.step(1.1)
    faults, mouth = telling(fault_store)
    assert faults.report(Fault.CAMERA_LOST, 2.0)
    assert mouth.hear() == ["camera_lost"]


def test_what_could_not_be_kept_is_kept_later():
    """A store that is full is tried again after a while, and not at each turn."""
    fault_store = MemoryFaultStore()
    fault_store.full = True
    faults, mouth = telling(fault_store)
    faults.report(Fault.HOT, 1.0)
    mouth.hear()
    for turn in range(100):
        faults.step(1 + turn / 100)
    assert (fault_store.writes, fault_store.told) == (1, ())
    fault_store.full = False
    faults.step(2 + SAVE_AGAIN_S)
    assert fault_store.told == ("hot",)


def test_a_fault_that_is_not_found_again_is_over():
    """A stored camera fault ends with the first frame, other stored faults after a while; the end is said."""
    faults, mouth = telling(MemoryFaultStore("camera_stalled", "button_stuck", "cannot_start", "no such fault"))
    assert faults.active() == (Fault.CAMERA_STALLED, Fault.BUTTON_STUCK)
    faults.on_frame(0.3)
    faults.on_frame(0.4)
    assert mouth.hear() == ["camera_back"]
    faults.step(19.9)
    assert mouth.hear() == []
    faults.step(20.0)
    faults.step(20.1)
    assert (mouth.hear(), faults.active()) == (["button_free"], ())


def test_a_covered_camera_is_not_over_with_a_picture():
    """A covered camera gives frames all the time, so a frame does not end this fault."""
    faults, mouth = telling(MemoryFaultStore("camera_covered"))
    faults.on_frame(0.3)
    assert mouth.hear() == []
    assert not faults.report(Fault.CAMERA_COVERED, 10.0)


def test_another_fault_of_the_same_thing_is_news():
    """A camera that was gone and now gives no frames is reported as a new fault."""
    faults, mouth = telling(MemoryFaultStore("camera_lost"))
    assert faults.report(Fault.CAMERA_STALLED, 5.0)
    assert mouth.hear() == ["camera_stalled"]


def test_it_writes_only_what_has_changed():
    """The store is written once for a new fault, although every turn of the loop asks for it."""
    fault_store = MemoryFaultStore("hot")
    faults, mouth = telling(fault_store)
    for turn in range(100):
        faults.step(turn / 100)
    assert fault_store.writes == 0
    faults.report(Fault.LOW_VOLTAGE, 2.0)
    mouth.hear()
    for turn in range(100):
        faults.step(2 + turn / 100)
    assert (fault_store.writes, fault_store.told) == (1, ("hot", "low_voltage"))
