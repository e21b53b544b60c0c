"""Says each fault and its end once, even when the program was restarted in between. Times are in seconds."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from assistant.app.events import EventHub
from assistant.faults import NO_PICTURES, Fault, Faults, end_of, subject_of
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.voice import VoiceController

SAVE_AGAIN_S = 30.0
"""After this many seconds the store is tried again when it could not be written."""

logger = logging.getLogger(__name__)


class FaultStore(Protocol):
    """The store keeps the faults that the wearer has heard, beyond a restart of the program."""

    def load(self) -> Sequence[str]:
        """Return the stored faults; none when they cannot be read."""

    def save(self, faults: Sequence[str]) -> bool:
        """Replace the stored faults; return whether that worked."""


class NoFaultStore:
    """This store keeps nothing."""

    def load(self) -> Sequence[str]:
        """Return no fault."""
        return ()

    def save(self, faults: Sequence[str]) -> bool:  # noqa: ARG002 - nothing is kept
        """Report success without keeping anything."""
        return True


class FaultReporter:
    """Publishes faults and gives them to the voice."""

    def __init__(
        self, voice: VoiceController, events: EventHub, fault_store: FaultStore, recall_timeout_s: float
    ) -> None:
        """A fault of an earlier run is over when it is not detected again within `recall_timeout_s` seconds."""
        self._voice = voice
        self._events = events
        self._fault_store = fault_store
        self._recall_timeout_s = recall_timeout_s
        self._faults = Faults()
        self._saved: Sequence[str] = ()
        self._save_due_s = float("-inf")
        self._was_quiet = True
        self._recalled: dict[Fault, float] = {}
        """The deadlines of the faults that an earlier run has said and that were not detected again yet."""

    def recall(self, now: float) -> None:
        """Load the faults that an earlier run has said."""
        self._saved = self._fault_store.load()
        for fault in Fault:
            if fault in self._saved and self._faults.tell(fault):
                self._recalled[fault] = now + self._recall_timeout_s

    def active(self) -> tuple[Fault, ...]:
        """Return the faults that last."""
        return self._faults.active()

    def report(self, fault: Fault, now: float) -> bool:
        """Say a fault, or its end, unless it was said before; return whether it was news."""
        self._recalled = {each: s for each, s in self._recalled.items() if subject_of(each) != subject_of(fault)}
        if not self._faults.tell(fault):
            return False
        self._say(fault, now)
        if fault is Fault.SOUND_BACK:
            for unheard in self.active():
                self._say(unheard, now)
        return True

    def on_frame(self, now: float) -> None:
        """Report that the camera is back when an earlier run had no frames."""
        if any(fault in self._recalled for fault in NO_PICTURES):
            self._report_end(Fault.CAMERA_BACK, now)

    def listen(self) -> None:
        """Remember whether the voice is silent; to be called before the voice is asked for its failures.

        A voice that was silent and has not failed has said all that it was given.
        """
        self._was_quiet = not self._voice.is_speaking()

    def step(self, now: float) -> None:
        """End the recalled faults whose deadline has passed, and store the faults that the wearer has heard."""
        for fault in [fault for fault, until_s in self._recalled.items() if now >= until_s]:
            self._report_end(end_of(fault), now)
        if self.all_was_heard():
            self._save(tuple(map(str, self.active())), now)

    def all_was_heard(self) -> bool:
        """Return whether every active fault was heard; after a crash the program says the others again."""
        voice = self._voice
        unheard = voice.muted or voice.is_speaking() or voice.is_waiting(Priority.FAULT)
        return self._was_quiet and not unheard and Fault.SOUND_GONE not in self.active()

    def _report_end(self, end: Fault, now: float) -> None:
        logger.info("%s", end)
        self.report(end, now)

    def _save(self, heard: Sequence[str], now: float) -> None:
        if set(heard) == set(self._saved) or now < self._save_due_s:
            return
        if self._fault_store.save(heard):
            self._saved = heard
        else:
            self._save_due_s = now + SAVE_AGAIN_S

    def _say(self, fault: Fault, now: float) -> None:
        self._events.write(now, "fault", fault=str(fault))
        self._voice.enqueue(Announcement((str(fault),), Priority.FAULT, subject_of(fault)), now)
