"""The loop: take what was seen, update, announce, do what the wearer asks, speak."""

from __future__ import annotations

import logging
import threading

from assistant.app.command_handler import ServiceHooks
from assistant.app.components import Components
from assistant.app.event_recorder import EventRecorder
from assistant.app.exchange import Exchange
from assistant.app.fault_reporter import FaultReporter
from assistant.app.notifier import ServiceNotifier, ServiceStatus
from assistant.app.shutdown import STOPPING, announce_stop, close_all, drain_speech
from assistant.app.vision import VisionResult
from assistant.camera.frame_rate import SPARING
from assistant.emotion.debounce import FaceAppeared
from assistant.emotion.observation import Observation
from assistant.errors import AssistantError, CameraError
from assistant.faults import NO_PICTURES, Fault
from assistant.frame import Frame
from assistant.health.machine import HealthWatch, MachineHealth
from assistant.speech.announcer import Announcement, Priority
from assistant.speech.sentences import Status

REMEMBERED_S = 1.0
"""An answer tells of what was seen so long ago at most."""

HEALTH_EVERY_S = 5.0

logger = logging.getLogger(__name__)


class Service:
    """Runs until the recording ends, the time is over, or someone asks it to stop."""

    def __init__(self, parts: Components, stop: threading.Event | None = None) -> None:
        """Join the parts, which may be exchanged until `run`; setting `stop` is calling `stop`."""
        self.parts = parts
        self._stop = stop or threading.Event()
        self._faults = FaultReporter(parts.speech, parts.fault_store, parts.patience_s)
        self._notifier = ServiceNotifier(parts.supervisor)
        self._health_watch = HealthWatch()
        self._health = MachineHealth()
        self._health_due_s = float("-inf")
        self._observation: Observation | None = None
        self._face_s = self._looked_s = float("-inf")
        self._started_s = 0.0
        self._recorder = EventRecorder(parts.speech)
        self._notices: list[Announcement] = []
        self._ending = False
        self._power_off = False
        self._hooks = ServiceHooks(self._answer, self._status, self._report, self._end)
        self.exchange = Exchange(parts, self._notifier, self._report, self._wishes)
        """Where other threads ask for the settings to be read again, and for a sound device to be tried."""

    def stop(self) -> None:
        """End the loop at its next turn; may be called from any thread, not from a signal's handler."""
        self._stop.set()

    def run(self) -> None:
        """Run; CameraError when the camera cannot be opened, or stays away."""
        parts = self.parts
        self._started_s = parts.clock.now()
        for remark in parts.remarks:
            logger.info("%s", remark)
        self._notices = list(parts.notices)
        self._faults.recall(self._started_s)
        try:
            parts.vision.open()
            going = True
            while going:
                while not self._stop.is_set() and self._turn():
                    pass
                drain_speech(parts, self._stop, to_the_last=self._ending)
                self._watch_voice(parts.clock.now())
                self._faults.step(parts.clock.now())
                going = self._power_off and not self._switched_off()
            self._notifier.end("ends")
            if self._stop.is_set() and parts.is_live:
                announce_stop(parts)
        except CameraError as error:
            self._tell_why(error)
            raise
        finally:
            close_all(parts, self._write_end, finish=not self._stop.is_set())

    def _turn(self) -> bool:
        parts = self.parts
        for sighting in parts.vision.take(parts.turn_s):
            self._see(sighting)
        now = parts.clock.now()
        self._watch_health(now)
        self._watch_voice(now)
        parts.command_handler.handle_pending(self._hooks, now)
        self.exchange.step(now)
        self._give_notice(now)
        parts.speech.step(now)
        self._faults.step(now)
        parts.settings_writer.notice(self._wishes(), now)
        self._stand(now)
        return not self._is_over(now)

    def _see(self, sighting: VisionResult) -> None:
        now = sighting.t_s
        if sighting.fault is not None:
            self._report(sighting.fault, now)
        if sighting.frame is not None and sighting.observation is not None:
            self._faults.see(now)
            self._observe(sighting.frame, sighting.observation, now)

    def _observe(self, frame: Frame, observation: Observation, now: float) -> None:
        parts = self.parts
        face = observation.face
        self._recorder.frame(face, now)
        self._remember(observation, now)
        for change in parts.debouncer.update(now, observation):
            self._recorder.change(change, now)
            if not isinstance(change, FaceAppeared):
                parts.speech.discard((Priority.EMOTION,), now)  # what waits is no longer so
            announcement = parts.announcer.announcement_for(change, observation, now)
            if announcement is not None:
                parts.speech.enqueue(announcement, now)
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
        if not self._faults.report(fault, now):
            return
        logger.info("%s", fault)
        if fault in NO_PICTURES:
            self._observation = None

    def _wishes(self) -> dict[str, object]:
        """What the wearer may have changed, by the names of the settings."""
        return {"voice.volume": self.parts.speech.volume, "announce.mode": str(self.parts.announcer.mode)}

    def _stand(self, now: float) -> None:
        """Let the supervisor know how it stands, and that the loop goes on."""
        parts = self.parts
        voice_is_up = bool(parts.speech.last) or Fault.SOUND_GONE in self._faults.active() or not parts.notices
        is_stuck = now - self._looked_s > REMEMBERED_S and parts.is_stuck()
        self._notifier.step(
            now, lambda: self._standing(now, is_stuck).words(), voice_is_up=voice_is_up, is_stuck=is_stuck
        )

    def _standing(self, now: float, is_stuck: bool) -> ServiceStatus:
        retry_in_s = self.parts.camera_watch.retry_in_s(now)
        return ServiceStatus(self._status(now), self._observation, retry_in_s, is_stuck)

    def _watch_voice(self, now: float) -> None:
        self._faults.listen()
        for fault in self.parts.speech.take_faults(now):
            self._report(fault, now)

    def _watch_health(self, now: float) -> None:
        if now < self._health_due_s:
            return
        self._health_due_s = now + HEALTH_EVERY_S
        self._health = self.parts.machine.health()
        for fault in self._health_watch.update(self._health):
            self._report(fault, now)
        self.parts.vision.reduce_load(not SPARING.isdisjoint(self._faults.active()))

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
            pictures_a_second=self._recorder.pictures_a_second(now),
            temperature_c=self._health.temperature_c,
            voltage_is_low=self._health.voltage_is_low,
            faults=tuple(str(fault) for fault in self._faults.active()),
        )

    def _end(self, power_off: bool) -> None:
        self._ending, self._power_off = True, power_off

    def _give_notice(self, now: float) -> None:
        speech = self.parts.speech
        if self._notices and not speech.is_speaking() and not speech.is_waiting(self._notices[0].priority):
            speech.enqueue(self._notices.pop(0), now)

    def _is_over(self, now: float) -> bool:
        duration_s = self.parts.duration_s
        late = duration_s is not None and now - self._started_s >= duration_s
        return late or self._ending or self.parts.vision.ended

    def _tell_why(self, error: CameraError) -> None:
        """The camera has gone for good, or was never there: say so before the end."""
        self._notifier.end(str(error))
        if self.parts.is_live:
            now, speech = self.parts.clock.now(), self.parts.speech
            speech.muted = False
            self._faults.report(Fault.CAMERA_LOST, now)
            speech.enqueue(STOPPING, now)
        drain_speech(self.parts, self._stop, to_the_last=True)

    def _switched_off(self) -> bool:
        """Switch the machine off; that it cannot be is said, and the headset goes on, since the wearer relies on it."""
        self._ending = self._power_off = False
        self._notifier.begin_long_step()
        try:
            self.parts.machine.power_off()
        except AssistantError as error:
            logger.warning("%s", error)
            self.parts.speech.enqueue(Announcement.answering(("cannot_switch_off",)), self.parts.clock.now())
            return False
        return True

    def _write_end(self) -> None:
        parts = self.parts
        now = parts.clock.now()
        self._watch_voice(now)
        if not (parts.vision.opened or parts.is_live):
            return  # a recording that is not there has no events
        self._recorder.end(now, parts.vision.dropped)
