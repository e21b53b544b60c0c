"""Notifies the supervisor of the program that it is ready, alive, and how it is. Pure; times are in seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.app.reporting.nod_reporter import NodStatus
from assistant.emotion.observation import Observation
from assistant.faults import NO_PICTURES, Fault
from assistant.speech.sentences import Status

STATUS_EVERY_S = 3.0
"""The status changes at most this often, since each change costs the supervisor work."""


class Supervisor(Protocol):
    """The supervisor restarts the program when it is no longer notified that the program is alive."""

    @property
    def alive_every_s(self) -> float:
        """The supervisor wants to be notified this often that the program is alive; infinite when it does not watch."""

    def ready(self) -> None:
        """Notify that the program works, from now on or again."""

    def status(self, words: str) -> None:
        """Notify of the status, in words for people."""

    def alive(self) -> None:
        """Notify that the program goes on."""

    def reloading(self) -> None:
        """Notify that the program reads its settings again; `ready` follows."""

    def stopping(self) -> None:
        """Notify that the program ends."""


class NoSupervisor:
    """This supervisor listens to nothing."""

    alive_every_s = float("inf")

    def ready(self) -> None:
        """Do nothing."""

    def status(self, words: str) -> None:
        """Do nothing."""

    def alive(self) -> None:
        """Do nothing."""

    def reloading(self) -> None:
        """Do nothing."""

    def stopping(self) -> None:
        """Do nothing."""


class ServiceNotifier:
    """Notifies a supervisor in each turn of the loop of what is due."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._is_ready = False
        self._alive_due_s = self._status_due_s = float("-inf")
        self._words = ""

    def step(self, now: float, words: Callable[[], str], *, voice_is_up: bool, is_stuck: bool) -> None:
        """Take one turn of the loop.

        While the loop `is_stuck`, the supervisor is not notified that the program is alive.
        """
        if voice_is_up and not self._is_ready:
            self._is_ready = True
            self._status_due_s = now
            self._supervisor.ready()
        if now >= self._alive_due_s and not is_stuck:
            self._alive_due_s = now + self._supervisor.alive_every_s
            self._supervisor.alive()
        if now >= self._status_due_s:
            self._status_due_s = now + STATUS_EVERY_S
            self._send_status(words() if self._is_ready else f"starts: {words()}")

    def begin_reload(self) -> None:
        """Notify that the settings are read again."""
        self._supervisor.reloading()

    def end_reload(self) -> None:
        """Notify that the program works as before, with the new settings or, when they are wrong, with the old ones."""
        self._is_ready = True
        self._supervisor.ready()

    def begin_long_step(self) -> None:
        """Notify that the program is alive before a step that takes some seconds."""
        self._supervisor.alive()

    def end(self, words: str) -> None:
        """Notify that the program ends, and why."""
        self._supervisor.stopping()
        self._supervisor.status(words)

    def _send_status(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self._supervisor.status(words)


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """The status of the program for people who look from outside."""

    status: Status
    observation: Observation | None
    retry_in_s: float = 0.0
    """The camera is tried again in this many seconds."""
    is_stuck: bool = False
    """Whether the camera's driver has not answered for too long."""

    def words(self) -> str:
        """Return the status in one line."""
        mode = "muted" if self.status.muted else f"mode {self.status.mode}"
        return ", ".join(
            [*self._sight(), mode, *self._battery(), *self._viewers(), *self._nods(), *self._other_faults()]
        )

    def _sight(self) -> Sequence[str]:
        if self.is_stuck:
            return ["the camera's driver is stuck: waits to be restarted"]
        if Fault.CAMERA_LOST in self.status.faults:
            return [f"no camera: tried again {self._when()}"]
        if Fault.CAMERA_STALLED in self.status.faults:
            return [f"the camera has stopped: tried again {self._when()}"]
        if self.observation is None:
            return ["no picture yet"]
        people = self.observation.people
        whom = {0: "nobody", 1: "someone"}.get(people, f"{people} people")
        return [f"sees {whom}", f"{self.status.pictures_a_second:g} pictures a second"]

    def _when(self) -> str:
        return f"in {self.retry_in_s:.0f} s" if self.retry_in_s >= 1 else "now"

    def _battery(self) -> Sequence[str]:
        if self.status.battery_percent is None:
            return []
        charging = " and charging" if self.status.battery_is_charging else ""
        return [f"battery {self.status.battery_percent:.0f}%{charging}"]

    def _viewers(self) -> Sequence[str]:
        return ["somebody looks through the camera"] if self.status.is_watched else []

    def _nods(self) -> Sequence[str]:
        return ["too few pictures to see nods"] if self.status.nods == NodStatus.TOO_FEW else []

    def _other_faults(self) -> Sequence[str]:
        return [fault.replace("_", " ") for fault in self.status.faults if fault not in NO_PICTURES]
