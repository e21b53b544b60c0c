"""Tells each fault and its end once, even where the program was started again in between. Times are in seconds."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from assistant.faults import NO_PICTURES, Fault, Faults, end_of, subject_of
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.voice import VoiceController

KEEP_AGAIN_S = 30.0
"""What could not be kept is tried again after this long."""

logger = logging.getLogger(__name__)


class FaultStore(Protocol):
    """Keeps what was said over a restart of the program."""

    def load(self) -> Sequence[str]:
        """What was kept, nothing where that cannot be read."""

    def save(self, told: Sequence[str]) -> bool:
        """Keep this in its place; whether that could be done."""


class NoFaultStore:
    """Keeps nothing."""

    def load(self) -> Sequence[str]:
        """Nothing."""
        return ()

    def save(self, told: Sequence[str]) -> bool:  # noqa: ARG002 - nothing is kept
        """Nothing to do."""
        return True


class FaultReporter:
    """Offers faults to the voice."""

    def __init__(self, speech: VoiceController, fault_store: FaultStore, patience_s: float) -> None:
        """A fault that an earlier run told of, and that is not found again within `patience_s`, is over."""
        self._speech = speech
        self._fault_store = fault_store
        self._patience_s = patience_s
        self._faults = Faults()
        self._saved: Sequence[str] = ()
        self._keep_s = float("-inf")
        self._was_quiet = True
        self._recalled: dict[Fault, float] = {}
        """Faults that an earlier run told of and that were not found again yet: until when they may be."""

    def recall(self, now: float) -> None:
        """Take over what an earlier run has told."""
        self._saved = self._fault_store.load()
        for fault in Fault:
            if fault in self._saved and self._faults.tell(fault):
                self._recalled[fault] = now + self._patience_s

    def active(self) -> tuple[Fault, ...]:
        """What is wrong now."""
        return self._faults.active()

    def report(self, fault: Fault, now: float) -> bool:
        """Tell a fault or its end, unless it was told; whether it was news."""
        self._recalled = {each: s for each, s in self._recalled.items() if subject_of(each) != subject_of(fault)}
        if not self._faults.tell(fault):
            return False
        self._tell(fault, now)
        if fault is Fault.SOUND_BACK:
            for unheard in self.active():
                self._tell(unheard, now)
        return True

    def see(self, now: float) -> None:
        """A picture came: that an earlier run had none is over."""
        if any(fault in self._recalled for fault in NO_PICTURES):
            self._end(Fault.CAMERA_BACK, now)

    def listen(self) -> None:
        """Hear whether the voice is silent, before it is asked whether it has failed: then what it said was heard."""
        self._was_quiet = not self._speech.is_speaking()

    def step(self, now: float) -> None:
        """What was recalled and is not found again is over; what the wearer has heard is kept."""
        for fault in [fault for fault, until_s in self._recalled.items() if now >= until_s]:
            self._end(end_of(fault), now)
        if self._all_was_heard():
            self._keep(tuple(map(str, self.active())), now)

    def _all_was_heard(self) -> bool:
        """A fault that waits, sounds, is muted or had no sound was not: a program that dies now must tell it again."""
        speech = self._speech
        unheard = speech.muted or speech.is_speaking() or speech.is_waiting(Priority.FAULT)
        return self._was_quiet and not unheard and Fault.SOUND_GONE not in self.active()

    def _end(self, end: Fault, now: float) -> None:
        logger.info("%s", end)
        self.report(end, now)

    def _keep(self, told: Sequence[str], now: float) -> None:
        if set(told) == set(self._saved) or now < self._keep_s:
            return
        if self._fault_store.save(told):
            self._saved = told
        else:
            self._keep_s = now + KEEP_AGAIN_S

    def _tell(self, fault: Fault, now: float) -> None:
        self._speech.events.write(now, "fault", fault=str(fault))
        self._speech.enqueue(Announcement((str(fault),), Priority.FAULT, subject_of(fault)), now)
