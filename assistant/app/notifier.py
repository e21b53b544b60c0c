"""What is told to who supervises the program: that it is ready, alive, and how it is. Pure, times in seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.emotion.observation import Observation
from assistant.faults import NO_PICTURES, Fault
from assistant.speech.sentences import Status

STATUS_EVERY_S = 3.0
"""It changes no more often: each change costs the supervisor work."""


class Supervisor(Protocol):
    """Who started the program, and starts it again when it no longer tells that it is alive."""

    @property
    def alive_every_s(self) -> float:
        """So often it wants to hear that the program is alive; infinite where it does not."""

    def ready(self) -> None:
        """The program does its work, from now on or again."""

    def status(self, words: str) -> None:
        """How it is, for people."""

    def alive(self) -> None:
        """It goes on."""

    def reloading(self) -> None:
        """It reads its settings again; `ready` follows."""

    def stopping(self) -> None:
        """It ends."""


class NoSupervisor:
    """Nobody listens."""

    alive_every_s = float("inf")

    def ready(self) -> None:
        """Nothing to do."""

    def status(self, words: str) -> None:
        """Nothing to do."""

    def alive(self) -> None:
        """Nothing to do."""

    def reloading(self) -> None:
        """Nothing to do."""

    def stopping(self) -> None:
        """Nothing to do."""


class ServiceNotifier:
    """Tells a supervisor, in each turn of the loop, what is due."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._is_ready = False
        self._alive_due_s = self._status_due_s = float("-inf")
        self._words = ""

    def step(self, now: float, words: Callable[[], str], *, voice_is_up: bool, is_stuck: bool) -> None:
        """The loop has come round once more; while it `is_stuck` it is not told to be alive."""
        if voice_is_up and not self._is_ready:
            self._is_ready = True
            self._status_due_s = now
            self._supervisor.ready()
        if now >= self._alive_due_s and not is_stuck:
            self._alive_due_s = now + self._supervisor.alive_every_s
            self._supervisor.alive()
        if now >= self._status_due_s:
            self._status_due_s = now + STATUS_EVERY_S
            self._tell(words() if self._is_ready else f"starts: {words()}")

    def begin_reload(self) -> None:
        """The settings are read again."""
        self._supervisor.reloading()

    def end_reload(self) -> None:
        """They were read, be they taken or refused; the program works as before."""
        self._is_ready = True
        self._supervisor.ready()

    def begin_long_step(self) -> None:
        """The loop will not come round for some seconds."""
        self._supervisor.alive()

    def end(self, words: str) -> None:
        """The program ends."""
        self._supervisor.stopping()
        self._supervisor.status(words)

    def _tell(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self._supervisor.status(words)


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How the program is, for people who look from outside."""

    status: Status
    observation: Observation | None
    retry_in_s: float = 0.0
    """Until a camera that is away is tried again."""
    is_stuck: bool = False
    """Whether the camera's driver has not come back for too long."""

    def words(self) -> str:
        """In one line."""
        mode = "muted" if self.status.muted else f"mode {self.status.mode}"
        return ", ".join([*self._sight(), mode, *self._other_faults()])

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

    def _other_faults(self) -> Sequence[str]:
        return [fault.replace("_", " ") for fault in self.status.faults if fault not in NO_PICTURES]
