"""Reports how the machine and its battery are: faults, the charge, and an empty battery. Times are in seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable

from assistant.faults import Fault
from assistant.health.battery import Battery, BatteryStep, BatteryWatch, Charge
from assistant.health.machine import HealthWatch, Machine, MachineHealth
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.sentences import battery_at
from assistant.speech.voice import VoiceController

HEALTH_EVERY_S = 5.0

logger = logging.getLogger(__name__)


class HealthReporter:
    """Asks the machine and its battery every five seconds, and says what has changed."""

    def __init__(
        self,
        machine: Machine,
        battery: tuple[Battery, BatteryWatch],
        voice: VoiceController,
        report: Callable[[Fault, float], None],
        switch_off: Callable[[], None],
    ) -> None:
        """`report` reports a fault, and `switch_off` ends the program and switches the machine off."""
        self._machine = machine
        self._battery, self._battery_watch = battery
        self._voice = voice
        self._report = report
        self._switch_off = switch_off
        self._health_watch = HealthWatch()
        self._due_s = float("-inf")
        self.health = MachineHealth()
        self.charge: Charge | None = None

    def step(self, now: float) -> bool:
        """Take one turn of the loop; return whether the machine was asked in it."""
        if now < self._due_s:
            return False
        self._due_s = now + HEALTH_EVERY_S
        self.health = self._machine.health()
        for fault in self._health_watch.update(self.health):
            self._report(fault, now)
        self._watch_battery(now)
        return True

    def _watch_battery(self, now: float) -> None:
        reading = self._battery.latest()
        self.charge = None if reading is None else reading.charge
        for step in self._battery_watch.update(reading):
            match step:
                case BatteryStep.FALLEN:
                    self._say_charge(now)
                case BatteryStep.LOW:
                    self._report(Fault.BATTERY_LOW, now)
                case BatteryStep.RECOVERED:
                    self._report(Fault.BATTERY_RECOVERS, now)
                case BatteryStep.EMPTY:
                    self._end(now)

    def _say_charge(self, now: float) -> None:
        assert self.charge is not None
        logger.info("battery at %.0f percent", self.charge.percent)
        self._voice.enqueue(Announcement(battery_at(self.charge.percent), Priority.FAULT, "battery"), now)

    def _end(self, now: float) -> None:
        """Say that the machine is switched off, even while muted, and switch it off."""
        logger.warning("the battery is empty: the machine is switched off")
        self._voice.enqueue(Announcement.answering(("battery_empty",)), now)
        self._switch_off()
