"""The loop: take what was seen, say what has changed, do what the wearer asks, watch the machine."""

from __future__ import annotations

import logging
import math
import threading

from assistant.app.command_handler import ServiceHooks
from assistant.app.components import Components
from assistant.app.configuration.reload import Reload
from assistant.app.configuration.settings import Settings
from assistant.app.notices import Notices
from assistant.app.observer import Observer
from assistant.app.reporting.event_reporter import EventReporter
from assistant.app.reporting.fault_reporter import FaultReporter
from assistant.app.reporting.health_reporter import HealthReporter
from assistant.app.reporting.notifier import ServiceNotifier, ServiceStatus
from assistant.app.requests import Requests
from assistant.app.shutdown import STOPPING, announce_stop, close_all, drain_speech
from assistant.app.vision import VisionResult
from assistant.camera.frame_rate import SPARING
from assistant.emotion.debouncing.transitions import State
from assistant.errors import AssistantError, CameraError
from assistant.faults import NO_PICTURES, Fault
from assistant.speech.announcement import Announcement
from assistant.speech.sentences import Status

LONGEST_TURN_S, SHORTEST_TURN_S = 1.0, 0.02
"""A turn of the loop waits at most the one for something to happen; the other where a time was due before."""

logger = logging.getLogger(__name__)


class Service:
    """Runs until the recording ends, the time is over, or someone stops it."""

    def __init__(self, components: Components, stop: threading.Event | None = None) -> None:
        """Setting `stop` ends the service at the next turn of its loop; `wake` makes that come at once."""
        self.components = components
        self._stop = stop or threading.Event()
        self._faults = FaultReporter(
            components.voice, components.events, components.fault_store, components.recall_timeout_s
        )
        self._notifier = ServiceNotifier(components.supervisor)
        battery = (components.battery, components.battery_watch)
        self._health = HealthReporter(
            components.machine, battery, components.voice, self._report, lambda: self._end(power_off=True)
        )
        self._reporter = EventReporter(components.events)
        self._observer = Observer(components, self._reporter)
        self._started_s = 0.0
        self._notices = Notices(components.voice, components.notices)
        self._ending = False
        self._power_off = False
        self._hooks = ServiceHooks(self._answer, self._status, self._report, self._end, self._observer.guide)
        reload = Reload(components.settings, components.read_settings, self.reconfigure, self._changed_by_hand)
        self.requests = Requests(components, self._notifier, self._report, reload.run, self._changed_by_hand)
        """Where other threads request a reload or the trial of a sound device."""

    @property
    def state(self) -> State:
        """The debouncer's state."""
        return self._observer.state

    def stop(self) -> None:
        """End the loop. Any thread may call this, but not a signal's handler."""
        self._stop.set()
        self.wake()

    def wake(self) -> None:
        """End the waiting of the loop. Any thread may call this, but not a signal's handler."""
        self.components.wake()

    def reconfigure(self, settings: Settings) -> None:
        """Exchange all that may be exchanged while the service runs; to be called in the loop's thread.

        SpeechError or ConfigError is raised when the new voice cannot speak, and then nothing is exchanged.
        """
        components = self.components
        components.voice_exchange.change(settings.voice)
        components.announcer.update_settings(settings.announce)
        components.voice.update_settings(settings.speech)
        components.panel.update_settings(settings.gestures)
        self._observer.update_settings(settings.debounce, settings.guiding)

    def run(self) -> None:
        """Run to the end; CameraError is raised when the camera cannot be opened, or does not come back."""
        components = self.components
        self._started_s = components.clock.now()
        for remark in components.remarks:
            logger.info("%s", remark)
        self._faults.recall(self._started_s)
        try:
            components.vision.open()
            self._run_to_the_end()
            self._notifier.end("ends")
            if self._stop.is_set() and components.is_live:
                announce_stop(components)
        except CameraError as error:
            self._say_why(error)
            raise
        finally:
            close_all(components, self._publish_end, finish=not self._stop.is_set())

    def _run_to_the_end(self) -> None:
        going = True
        while going:
            while not self._stop.is_set() and self._turn():
                pass
            drain_speech(self.components, self._stop, to_the_last=self._ending)
            self._watch_voice(self.components.clock.now())
            self._faults.step(self.components.clock.now())
            going = self._power_off and not self._switched_off()

    def _turn(self) -> bool:
        components = self.components
        for result in components.vision.take(self._turn_s(components.clock.now())):
            self._see(result)
        now = components.clock.now()
        self._watch_health(now)
        self._watch_voice(now)
        components.command_handler.handle_pending(self._hooks, now)
        self.requests.step(now)
        self._notices.step(now, has_sound=self._has_sound(), all_was_heard=self._faults.all_was_heard)
        self._observer.guide.step(now)
        components.voice.step(now)
        self._faults.step(now)
        components.settings_writer.notice(self._changed_by_hand(), now)
        self._notify(now)
        return not self._is_over(now)

    def _turn_s(self, now: float) -> float:
        """Return for how many seconds the loop may wait for something to happen.

        What has a tolerance of a second, such as the watchdog, the status and the faults, needs no turn of its own.
        """
        components = self.components
        due_s = min(components.voice.due_s(now), components.panel.due_s(now), self._end_s())
        return min(max(due_s - now, SHORTEST_TURN_S), LONGEST_TURN_S)

    def _see(self, result: VisionResult) -> None:
        if result.fault is not None:
            self._report(result.fault, result.t_s)
        if result.frame is not None and result.observation is not None:
            self._faults.on_frame(result.t_s)
            self._observer.observe(result.frame, result.observation, result.t_s)

    def _report(self, fault: Fault, now: float) -> None:
        if not self._faults.report(fault, now):
            return
        logger.info("%s", fault)
        if fault is Fault.SOUND_BACK:
            self.requests.on_sound_back()
            self._notices.on_sound_back()
        if fault in NO_PICTURES:
            self._observer.forget(now)

    def _changed_by_hand(self) -> dict[str, object]:
        """Return what the wearer may have changed, by the names of the settings."""
        components = self.components
        return {"voice.volume": components.voice.volume, "announce.mode": str(components.announcer.mode)}

    def _notify(self, now: float) -> None:
        """Notify the supervisor of the state, and that the loop goes on."""
        components = self.components
        voice_is_up = bool(components.voice.last) or not self._has_sound() or not components.notices
        is_stuck = self._observer.is_late(now) and components.is_stuck()
        self._notifier.step(
            now, lambda: self._service_status(now, is_stuck).words(), voice_is_up=voice_is_up, is_stuck=is_stuck
        )

    def _has_sound(self) -> bool:
        return Fault.SOUND_GONE not in self._faults.active()

    def _service_status(self, now: float, is_stuck: bool) -> ServiceStatus:
        retry_in_s = self.components.camera_watch.retry_in_s(now)
        return ServiceStatus(self._status(now), self._observer.observation, retry_in_s, is_stuck)

    def _watch_voice(self, now: float) -> None:
        self._faults.listen()
        for fault in self.components.voice.take_faults(now):
            self._report(fault, now)

    def _watch_health(self, now: float) -> None:
        if self._health.step(now):
            self.components.vision.reduce_load(not SPARING.isdisjoint(self._faults.active()))

    def _answer(self) -> Announcement:
        if Fault.CAMERA_COVERED in self._faults.active():
            return Announcement.answering((str(Fault.CAMERA_COVERED),))
        return self._observer.answer(self.components.clock.now())

    def _status(self, now: float) -> Status:
        charge = self._health.charge
        return Status(
            running_s=round(now - self._started_s, 1),
            mode=str(self.components.announcer.mode),
            muted=self.components.voice.muted,
            pictures_a_second=self._reporter.fps(now),
            temperature_c=self._health.health.temperature_c,
            voltage_is_low=self._health.health.voltage_is_low,
            faults=tuple(str(fault) for fault in self._faults.active()),
            battery_percent=None if charge is None else charge.percent,
            battery_is_charging=None if charge is None else charge.is_charging,
            is_watched=self.requests.is_watched,
            nods=str(self._observer.nod_status),
        )

    def _end(self, power_off: bool) -> None:
        self._ending, self._power_off = True, power_off

    def _is_over(self, now: float) -> bool:
        return now >= self._end_s() or self._ending or self.components.vision.ended

    def _end_s(self) -> float:
        duration_s = self.components.duration_s
        return math.inf if duration_s is None else self._started_s + duration_s

    def _say_why(self, error: CameraError) -> None:
        """Say before the end that the camera is gone for good, or was never there."""
        self._notifier.end(str(error))
        if self.components.is_live:
            now, voice = self.components.clock.now(), self.components.voice
            voice.muted = False
            self._faults.report(Fault.CAMERA_LOST, now)
            voice.enqueue(STOPPING, now)
        drain_speech(self.components, self._stop, to_the_last=True)

    def _switched_off(self) -> bool:
        """Switch the machine off. When that fails, it is said, and the service goes on: the wearer relies on it."""
        self._ending = self._power_off = False
        self._notifier.begin_long_step()
        try:
            self.components.machine.power_off()
        except AssistantError as error:
            logger.warning("%s", error)
            now = self.components.clock.now()
            self.components.voice.enqueue(Announcement.answering(("cannot_switch_off",)), now)
            return False
        return True

    def _publish_end(self) -> None:
        components = self.components
        now = components.clock.now()
        self._watch_voice(now)
        if components.vision.opened or components.is_live:  # a recording that does not exist has no events
            self._reporter.publish_end(now, components.vision.dropped)
