"""The loop: take what was seen, update, announce, do what the wearer asks, speak."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack

from assistant.announcer import Announcement, Priority
from assistant.attendant import World
from assistant.debounce import FaceAppeared
from assistant.errors import AssistantError, CameraError
from assistant.faults import Fault, Faults, subject_of
from assistant.health_watch import HealthWatch, MachineHealth
from assistant.journal import Journal
from assistant.parts import Parts
from assistant.ports import Frame, Observation
from assistant.sentences import Status
from assistant.sight import Sighting

LAST_WORDS_S = 5.0
"""A phrase may be finished for this long after the end."""

LEAVE_S = 0.8
"""So long may the last word take once the program was told to stop; systemd waits a little longer."""

REMEMBERED_S = 1.0
"""An answer tells of what was seen so long ago at most."""

HEALTH_EVERY_S = 5.0
STOPPING = Announcement(("stopping",), Priority.FAULT, "end")

logger = logging.getLogger(__name__)


class Service:
    """Runs until the recording ends, the time is over, or someone asks it to stop."""

    def __init__(self, parts: Parts, stop: threading.Event | None = None) -> None:
        """Join the parts, which may be exchanged until `run`; setting `stop` is calling `stop`."""
        self.parts = parts
        self._stop = stop or threading.Event()
        self._faults = Faults()
        self._health_watch = HealthWatch()
        self._health = MachineHealth()
        self._health_due_s = float("-inf")
        self._observation: Observation | None = None
        self._face_s = self._looked_s = float("-inf")
        self._started_s = 0.0
        self._journal = Journal(parts.speech)
        self._notices: list[Announcement] = []
        self._ending = False
        self._power_off = False
        self._world = World(self._answer, self._status, self._report, self._end)

    def stop(self) -> None:
        """End the loop at its next turn; may be called from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Run; CameraError when the camera cannot be opened, or stays away."""
        parts = self.parts
        self._started_s = parts.clock.now()
        for remark in parts.remarks:
            logger.info("%s", remark)
        self._notices = list(parts.notices)
        try:
            parts.sight.open()
            going = True
            while going:
                while not self._stop.is_set() and self._turn():
                    pass
                self._finish_speaking(to_the_last=self._ending)
                going = self._power_off and not self._switched_off()
            self._take_leave()
        except CameraError:
            self._tell_why()
            raise
        finally:
            self._close()

    def _turn(self) -> bool:
        parts = self.parts
        for sighting in parts.sight.take(parts.turn_s):
            self._see(sighting)
        now = parts.clock.now()
        self._watch_health(now)
        for fault in parts.speech.take_faults(now):
            self._report(fault, now)
        parts.attendant.attend(self._world, now)
        self._give_notice(now)
        parts.speech.step(now)
        return not self._is_over(now)

    def _see(self, sighting: Sighting) -> None:
        now = sighting.t_s
        if sighting.fault is not None:
            self._report(sighting.fault, now)
        if sighting.frame is not None and sighting.observation is not None:
            self._observe(sighting.frame, sighting.observation, now)

    def _observe(self, frame: Frame, observation: Observation, now: float) -> None:
        parts = self.parts
        face = observation.face
        self._journal.frame(face, now)
        self._remember(observation, now)
        scores, weight = (face.scores, face.weight) if face else (None, 0.0)
        for change in parts.debouncer.update(now, observation.person, scores, weight):
            self._journal.change(change, now)
            if not isinstance(change, FaceAppeared):
                parts.speech.withdraw((Priority.EMOTION,), now)  # what waits is no longer so
            announcement = parts.announcer.consider(change, observation, now)
            if announcement is not None:
                parts.speech.offer(announcement, now)
        for sink in parts.sinks:
            sink.show(frame, face, parts.debouncer.stable)

    def _remember(self, observation: Observation, now: float) -> None:
        """Keep who was in front for a moment: one frame in which the detector misses them is no departure."""
        if observation.face is not None:
            self._face_s = now
        if observation.face is not None or now - self._face_s > REMEMBERED_S:
            self._observation = observation
        self._looked_s = now

    def _report(self, fault: Fault, now: float) -> None:
        """Tell a fault, or its end, once."""
        if not self._faults.tell(fault):
            return
        if fault in (Fault.CAMERA_LOST, Fault.CAMERA_STALLED):
            self._observation = None
        logger.info("%s", fault)
        self._tell(fault, now)
        if fault is Fault.SOUND_BACK:
            for unheard in self._faults.active():
                self._tell(unheard, now)

    def _tell(self, fault: Fault, now: float) -> None:
        self.parts.speech.events.write(now, "fault", fault=str(fault))
        self.parts.speech.offer(Announcement((str(fault),), Priority.FAULT, subject_of(fault)), now)

    def _watch_health(self, now: float) -> None:
        if now < self._health_due_s:
            return
        self._health_due_s = now + HEALTH_EVERY_S
        self._health = self.parts.machine.health()
        for fault in self._health_watch.update(self._health):
            self._report(fault, now)

    def _answer(self) -> Announcement:
        if Fault.CAMERA_COVERED in self._faults.active():
            return Announcement.answering((str(Fault.CAMERA_COVERED),))
        fresh = self.parts.clock.now() - self._looked_s <= REMEMBERED_S
        return self.parts.announcer.answer(self._observation if fresh else None, self.parts.debouncer.stable)

    def _status(self, now: float) -> Status:
        return Status(
            running_s=round(now - self._started_s, 1),
            mode=str(self.parts.announcer.mode),
            muted=self.parts.speech.muted,
            pictures_a_second=self._journal.pictures_a_second(now),
            temperature_c=self._health.temperature_c,
            voltage_is_low=self._health.voltage_is_low,
            faults=tuple(str(fault) for fault in self._faults.active()),
        )

    def _end(self, power_off: bool) -> None:
        self._ending, self._power_off = True, power_off

    def _give_notice(self, now: float) -> None:
        speech = self.parts.speech
        if self._notices and not speech.is_speaking() and not speech.is_waiting(self._notices[0].priority):
            speech.offer(self._notices.pop(0), now)

    def _is_over(self, now: float) -> bool:
        duration_s = self.parts.duration_s
        late = duration_s is not None and now - self._started_s >= duration_s
        return late or self._ending or self.parts.sight.ended

    def _tell_why(self) -> None:
        """The camera has gone for good, or was never there: say so before the end."""
        if self.parts.is_live:
            now, speech = self.parts.clock.now(), self.parts.speech
            speech.muted = False
            if self._faults.tell(Fault.CAMERA_LOST):
                self._tell(Fault.CAMERA_LOST, now)
            speech.offer(STOPPING, now)
        self._finish_speaking(to_the_last=True)

    def _finish_speaking(self, *, to_the_last: bool) -> None:
        """Let what sounds be finished; and, where somebody waits for it, what still waits be said."""
        clock, speech = self.parts.clock, self.parts.speech
        until_s = clock.now() + LAST_WORDS_S
        while clock.now() < until_s and not self._stop.is_set():
            if to_the_last:
                speech.step(clock.now())
            if not speech.is_speaking():
                return
            clock.wait(self.parts.turn_s)

    def _switched_off(self) -> bool:
        """Switch the machine off; that it cannot be is said, and the headset goes on, since the wearer relies on it."""
        self._ending = self._power_off = False
        try:
            self.parts.machine.power_off()
        except AssistantError as error:
            logger.warning("%s", error)
            self.parts.speech.offer(Announcement.answering(("cannot_switch_off",)), self.parts.clock.now())
            return False
        return True

    def _take_leave(self) -> None:
        """Somebody else stops the program: the wearer must know that the silence now means nothing."""
        if not (self._stop.is_set() and self.parts.is_live):
            return
        clock, speech = self.parts.clock, self.parts.speech
        now = clock.now()
        speech.muted = False
        speech.silence(now)
        speech.end(now)
        speech.offer(STOPPING, now)
        speech.step(now)
        while speech.is_speaking() and clock.now() < now + LEAVE_S:
            clock.wait(self.parts.turn_s)

    def _close(self) -> None:
        """Let go of everything, whatever fails; the last event tells what was read."""
        parts = self.parts
        now = parts.clock.now()
        with ExitStack() as closing:  # runs from the last line to the first
            closing.callback(self._write_end, now)
            for sink in parts.sinks:
                closing.callback(sink.close)
            closing.callback(parts.attendant.close)
            closing.callback(parts.speech.speaker.close, finish=not self._stop.is_set())
            closing.callback(parts.speech.end, now)
            closing.callback(parts.sight.close)

    def _write_end(self, now: float) -> None:
        parts = self.parts
        for fault in parts.speech.take_faults(now):
            self._report(fault, now)
        if not (parts.sight.opened or parts.is_live):
            return  # a recording that is not there has no events
        self._journal.end(now, parts.sight.dropped)
