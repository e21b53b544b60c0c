"""The components that the service joins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.app.command_handler import CommandHandler
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers
from assistant.app.events import EventHub
from assistant.app.frame_sinks import FrameSink
from assistant.app.reporting.fault_reporter import FaultStore, NoFaultStore
from assistant.app.reporting.notifier import NoSupervisor, Supervisor
from assistant.app.vision import Vision
from assistant.camera.watchdog import CameraWatch
from assistant.controls.gestures import ControlPanel
from assistant.emotion.bounds import Bounds
from assistant.frame import Clock
from assistant.health.battery import Battery, BatteryWatch, NoBattery
from assistant.health.machine import Machine
from assistant.outputs.haptics import Haptics, NoHaptics
from assistant.speech.announcement import Announcement
from assistant.speech.announcer import Announcer
from assistant.speech.exchange import VoiceExchange
from assistant.speech.voice import VoiceController


class SettingsWriter(Protocol):
    """Keeps what the wearer has changed by hand for the next start."""

    def notice(self, values: Mapping[str, object], now: float) -> None:
        """Take the present values, by the names of the settings; a change that lasts for some seconds is written."""

    def flush(self) -> None:
        """Write at once what has changed."""

    def take_over(self, values: Mapping[str, object]) -> None:
        """Treat these values as written already, because the settings were read again."""


class NoSettingsWriter:
    """Keeps nothing; it is used for demonstrations and recordings."""

    def notice(self, values: Mapping[str, object], now: float) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""

    def take_over(self, values: Mapping[str, object]) -> None:
        """Do nothing."""


def never() -> bool:
    """Return False, because a recording has no driver that can be stuck."""
    return False


@dataclass(frozen=True, slots=True)
class Components:
    """The components of a service, built for its `settings`."""

    settings: Settings
    read_settings: Callable[[], Layers]
    """Reads the settings again; it raises ConfigError when a file is wrong."""
    vision: Vision
    bounds: Bounds
    """The evidence that each emotion needs to be said."""
    camera_watch: CameraWatch
    announcer: Announcer
    voice: VoiceController
    voice_exchange: VoiceExchange
    panel: ControlPanel
    command_handler: CommandHandler
    events: EventHub
    clock: Clock
    machine: Machine
    battery: Battery = NoBattery()
    battery_watch: BatteryWatch = field(default_factory=BatteryWatch)
    haptics: Haptics = NoHaptics()
    is_live: bool = True
    """Whether a missing camera is a fault that is said; a recording that cannot be read is an error of the command."""
    is_stuck: Callable[[], bool] = never
    """Whether the camera's driver has not answered for too long."""
    supervisor: Supervisor = NoSupervisor()
    fault_store: FaultStore = NoFaultStore()
    recall_timeout_s: float = 20.0
    """A fault of an earlier run is over when it is not detected again within this many seconds."""
    settings_writer: SettingsWriter = NoSettingsWriter()
    sinks: Sequence[FrameSink] = ()
    wake: Callable[[], None] = lambda: None
    """Ends the waiting of `vision.take`; any thread may call it."""
    duration_s: float | None = None
    """The service ends after this many seconds; with None it goes on."""
    notices: Sequence[Announcement] = ()
    """What the headset says first after the start, one after the other."""
    remarks: Sequence[str] = ()
    """What the service logs when it starts."""
