"""The loop: take what was seen, update, announce, do what the wearer asks, speak."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from assistant.announcer import Announcement, Announcer, Priority
from assistant.attendant import Attendant, World
from assistant.debounce import Change, Debouncer, EmotionSettled, FaceAppeared, FaceLost
from assistant.errors import CameraError
from assistant.faults import Fault, Faults, subject_of
from assistant.health_watch import HealthWatch, MachineHealth
from assistant.ports import Clock, Frame, FrameSink, Observation
from assistant.sentences import Status
from assistant.sight import Looking, Sighting
from assistant.speech import Speech

TURN_S = 0.02
"""So long may a turn wait for something to be seen; a stop or a press is taken up within it."""

LAST_WORDS_S = 5.0
"""A phrase may be finished for this long after the end."""

LEAVE_S = 0.8
"""So long may the last word take once the program was told to stop; systemd waits a little longer."""

HEALTH_EVERY_S = 5.0
RATE_OVER_S = 5.0

logger = logging.getLogger(__name__)


class Machine(Protocol):
    """The computer that it runs on."""

    def health(self) -> MachineHealth:
        """How it is."""

    def power_off(self) -> None:
        """Switch it off."""


@dataclass(slots=True)
class Parts:
    """What the loop joins."""

    sight: Looking
    debouncer: Debouncer
    announcer: Announcer
    speech: Speech
    attendant: Attendant
    clock: Clock
    machine: Machine
    is_live: bool = True
    """Whether a camera that is gone is a fault to tell of; a recording that cannot be read is a mistake."""
    sinks: Sequence[FrameSink] = ()
    duration_s: float | None = None
    notices: Sequence[Announcement] = ()
    """Said first, one after the other."""
    remarks: Sequence[str] = ()
    """Logged once the camera is asked for."""


@dataclass(slots=True)
class _Count:
    frames: int = 0
    started_s: float = 0.0
    first_s: float = 0.0
    last_s: float = 0.0
    recent_s: tuple[float, ...] = ()


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
        self._box: list[int] | None = None
        self._count = _Count()
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
        self._count.started_s = parts.clock.now()
        for remark in parts.remarks:
            logger.info("%s", remark)
        self._notices = list(parts.notices)
        try:
            parts.sight.open()
            while not self._stop.is_set() and self._turn():
                pass
            self._finish_speaking(to_the_last=self._ending)
            self._take_leave()
        except CameraError:
            self._tell_why()
            raise
        finally:
            self._close()
        if self._power_off:
            parts.machine.power_off()

    def _turn(self) -> bool:
        parts = self.parts
        for sighting in parts.sight.take(TURN_S):
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
        self._count.first_s = now if self._count.frames == 0 else self._count.first_s
        self._count.frames, self._count.last_s = self._count.frames + 1, now
        self._count.recent_s = (*(t_s for t_s in self._count.recent_s if now - t_s < RATE_OVER_S), now)
        self._observation = observation
        face = observation.face
        if face is not None:
            self._box = face.box.as_list()
        scores, weight = (face.scores, face.weight) if face else (None, 0.0)
        for change in parts.debouncer.update(now, observation.person, scores, weight):
            self._record(change, now)
            announcement = parts.announcer.consider(change, observation, now)
            if announcement is not None:
                parts.speech.offer(announcement, now)
        for sink in parts.sinks:
            sink.show(frame, face, parts.debouncer.stable)

    def _record(self, change: Change, now: float) -> None:
        write = self.parts.speech.events.write
        match change:
            case FaceAppeared():
                write(now, "face", face="appeared", box=self._box)
            case FaceLost():
                write(now, "face", face="lost", box=self._box)
            case EmotionSettled(emotion, scores):
                confidence = round(scores[emotion], 4)
                write(now, "emotion", emotion=str(emotion), confidence=confidence, scores=scores.by_label())

    def _report(self, fault: Fault, now: float) -> None:
        """Tell a fault, or its end, once."""
        if not self._faults.tell(fault):
            return
        if fault in (Fault.CAMERA_LOST, Fault.CAMERA_STALLED):
            self._observation = None
        logger.info("%s", fault)
        self._tell(fault, now)

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
        return self.parts.announcer.answer(self._observation, self.parts.debouncer.stable)

    def _status(self, now: float) -> Status:
        recent_s = self._count.recent_s
        return Status(
            running_s=round(now - self._count.started_s, 1),
            mode=str(self.parts.announcer.mode),
            muted=self.parts.speech.muted,
            pictures_a_second=round(sum(now - t_s < RATE_OVER_S for t_s in recent_s) / RATE_OVER_S, 1),
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
        late = duration_s is not None and now - self._count.started_s >= duration_s
        return late or self._ending or self.parts.sight.ended

    def _tell_why(self) -> None:
        """The camera has gone for good, or was never there: say so before the end."""
        if self.parts.is_live and self._faults.tell(Fault.CAMERA_LOST):
            self._tell(Fault.CAMERA_LOST, self.parts.clock.now())
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
            clock.wait(TURN_S)

    def _take_leave(self) -> None:
        """Somebody else stops the program: the wearer must know that the silence now means nothing."""
        if not (self._stop.is_set() and self.parts.is_live):
            return
        clock, speech = self.parts.clock, self.parts.speech
        now = clock.now()
        speech.silence(now)
        speech.offer(Announcement(("stopping",), Priority.FAULT, "end"), now)
        speech.step(now)
        while speech.is_speaking() and clock.now() < now + LEAVE_S:
            clock.wait(TURN_S)

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
        between_s = self._count.last_s - self._count.first_s
        fps = round((self._count.frames - 1) / between_s, 1) if between_s > 0 else 0.0
        parts.speech.events.write(now, "end", frames=self._count.frames, fps=fps, dropped=parts.sight.dropped)
