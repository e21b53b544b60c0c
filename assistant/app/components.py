"""What the loop joins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.app.command_handler import CommandHandler
from assistant.app.fault_reporter import FaultStore, NoFaultStore
from assistant.app.notifier import Supervisor, Unsupervised
from assistant.app.sinks import FrameSink
from assistant.app.vision import Vision
from assistant.camera.watchdog import CameraWatch
from assistant.emotion.debounce import Debouncer
from assistant.frame import Clock
from assistant.health.machine import Machine
from assistant.speech.announcement import Announcement
from assistant.speech.announcer import Announcer
from assistant.speech.voice import VoiceController


class SettingsWriter(Protocol):
    """Keeps what the wearer has changed for the next start."""

    def notice(self, values: Mapping[str, object], now: float) -> None:
        """The settings are these at the moment; what differs is kept once it has stayed so for a while."""

    def flush(self) -> None:
        """Keep it at once."""

    def take_over(self, values: Mapping[str, object]) -> None:
        """The settings were read again, and are these."""


class NoSettingsWriter:
    """Where nobody's settings are at stake."""

    def notice(self, values: Mapping[str, object], now: float) -> None:
        """Nothing to do."""

    def flush(self) -> None:
        """Nothing to do."""

    def take_over(self, values: Mapping[str, object]) -> None:
        """Nothing to do."""


def _no_settings() -> Sequence[str]:
    return ()


def _any_device(device: str) -> None:
    """Where nothing sounds, each will do."""


def _never() -> bool:
    return False


@dataclass(slots=True)
class Components:
    """What the loop joins."""

    vision: Vision
    camera_watch: CameraWatch
    debouncer: Debouncer
    announcer: Announcer
    speech: VoiceController
    command_handler: CommandHandler
    clock: Clock
    machine: Machine
    is_live: bool = True
    """Whether a camera that is gone is a fault to tell of; a recording that cannot be read is a mistake."""
    is_stuck: Callable[[], bool] = _never
    """Whether the camera's driver has not come back for too long."""
    supervisor: Supervisor = Unsupervised()
    fault_store: FaultStore = NoFaultStore()
    patience_s: float = 20.0
    """A fault that an earlier run told of is over when it is not found again within this time."""
    settings_writer: SettingsWriter = NoSettingsWriter()
    take_up: Callable[[], Sequence[str]] = _no_settings
    """Read the settings again and put them in place; what is to be said of it, as keys of phrases."""
    try_device: Callable[[str], None] = _any_device
    """Open a sound device for a moment, the voice's own closed meanwhile; SpeechError where that cannot be done."""
    sinks: Sequence[FrameSink] = ()
    turn_s: float = 0.02
    """So long may a turn wait for something to be seen; a stop or a press is taken up within it."""
    duration_s: float | None = None
    notices: Sequence[Announcement] = ()
    """Said first, one after the other."""
    remarks: Sequence[str] = ()
    """Logged once the camera is asked for."""
