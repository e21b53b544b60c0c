"""Joins the stages to a service, as the command line and the settings say."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TextIO

from assistant.app.command_handler import CommandHandler
from assistant.app.components import Components, NoSettingsWriter, SettingsWriter
from assistant.app.drivers.display import VideoRecorder, Window
from assistant.app.drivers.event_file import EventLog
from assistant.app.drivers.fault_store import fault_store
from assistant.app.drivers.settings_writer import StateFileWriter
from assistant.app.drivers.systemd import supervisor_of
from assistant.app.drivers.vision_thread import ThreadedVision
from assistant.app.fault_reporter import NoFaultStore
from assistant.app.reload import Reload
from assistant.app.service import Service
from assistant.app.settings import Settings
from assistant.app.settings_files import state_file
from assistant.app.sinks import FrameSink
from assistant.app.vision import Vision, VisionLoop
from assistant.camera.choose import camera_opener, is_live, is_simulated, replayed_path
from assistant.camera.drivers.awaited import AwaitedCamera
from assistant.camera.frame_rate import FrameRatePolicy
from assistant.camera.watchdog import CameraWatch
from assistant.controls.build import WantedControls, build_controls
from assistant.controls.commands import Controls
from assistant.controls.gestures import ControlPanel
from assistant.emotion.debounce import Debouncer
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import ConfigError
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.files import refuse_overwriting
from assistant.frame import Clock
from assistant.health.drivers.power import LinuxMachine, QuietMachine
from assistant.networks.shipped import shipped_finder, shipped_model
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.announcer import Announcer, card_wordings
from assistant.speech.build import aloud_with, build_speaker, engine_named, load_phrases
from assistant.speech.drivers.phrase_cache import phrase_folder
from assistant.speech.drivers.speakers import ThreadedSpeaker
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController

LEAST_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `assistant run` was told."""

    camera: str = "auto"
    config: Path | None = None
    model: Path | None = None
    voice: str = "auto"
    events: str | None = None
    show: bool = False
    record: Path | None = None
    fast: bool = False
    fps: float | None = None
    duration_s: float | None = None
    keys: bool = False
    control: bool = False
    """Whether `assistant ctl` is listened to."""
    waits_for_camera: bool = False
    """Whether a camera that is not there is waited for, and a sound device too, as long as it takes."""
    web: Mapping[str, Any] = field(default_factory=dict)
    """What of the page's settings is another than in the settings, by their names."""
    lost_changes: bool = False
    """Whether what the wearer had changed could not be read."""


class Page(Protocol):
    """The helper's page."""

    def among(self, controls: Sequence[Controls]) -> list[Controls]:
        """These controls, and the page's own."""

    def join(self, service: Service) -> None:
        """Serve this service's page from now on, until the service ends."""


PageMaker = Callable[[Settings, Path | None, Path, list[str]], Page | None]
"""From the settings, their file, the emotion model and the remarks to the page, None where none is wanted."""


def no_page(settings: Settings, config: Path | None, model: Path, remarks: list[str]) -> None:
    """There is none."""


def build_service(
    options: RunOptions, settings: Settings, stop: threading.Event | None = None, make_page: PageMaker = no_page
) -> Service:
    """Build everything that can fail before the camera is opened; AssistantError says what is wrong.

    What was opened by then is closed again, so that a sound device is free for the reason to be said. Setting `stop`
    ends the service, be it before it has begun.
    """
    with ExitStack() as opened:
        service = _build(options, settings, stop, make_page, opened)
        opened.pop_all()  # from now on the service closes them
        return service


def _build(
    options: RunOptions, settings: Settings, stop: threading.Event | None, make_page: PageMaker, opened: ExitStack
) -> Service:
    open_camera, clock = camera_opener(options.camera, settings.camera, options.fps, fast=options.fast)
    _refuse_overwriting(options)
    _refuse_waiting(options)
    classifier = TFLiteClassifier(options.model or shipped_model())
    announcer = Announcer(settings.announce, card_wordings(classifier.card.speaking()))
    remarks: list[str] = []
    speech = _speech(options, settings, announcer, clock, remarks)
    opened.callback(speech.speaker.close, finish=False)
    wanted = WantedControls(settings.button, settings.remote, options.keys, _takes_requests(options))
    controls = build_controls(wanted, clock, remarks)
    for each in controls:
        opened.callback(each.close)
    paged = replace(settings, web=replace(settings.web, **options.web))
    page = None if options.fast else make_page(paged, options.config, options.model or shipped_model(), remarks)
    panel = ControlPanel(controls if page is None else page.among(controls), settings.gestures)
    if is_simulated(options.camera):
        remarks.append("Demonstration: the camera is simulated, its faces are drawn.")
    watch = CameraWatch(settings.camera, clock.now(), gives_up=not options.waits_for_camera)
    awaited = AwaitedCamera(open_camera)
    vision = VisionLoop(
        awaited.open if options.waits_for_camera else open_camera,
        _perception(settings, classifier),
        watch,
        clock,
        reopens=replayed_path(options.camera) is None,
        pace=_pace(options, settings),
    )
    looking = vision if options.fast else ThreadedVision(vision)  # a recording's own clock must pass the same each time
    parts = Components(
        vision=looking,
        camera_watch=watch,
        debouncer=Debouncer(settings.debounce),
        announcer=announcer,
        speech=speech,
        command_handler=CommandHandler(panel, announcer, speech),
        clock=clock,
        machine=QuietMachine() if options.fast else LinuxMachine(phrase_folder()),
        is_live=replayed_path(options.camera) is None,
        is_stuck=_stuck_detector(looking, awaited, settings.camera.stuck_s),
        supervisor=supervisor_of(),
        fault_store=NoFaultStore() if options.fast else fault_store(),
        patience_s=max(LEAST_PATIENCE_S, settings.camera.covered_s + 5, settings.gestures.stuck_s + 5),
        settings_writer=_settings_writer(options, settings),
        turn_s=0.1 if options.fast else 0.02,  # nobody waits for a recording
        duration_s=options.duration_s,
        notices=_notices(options, settings),
        remarks=remarks,
    )
    build = partial(aloud_with, clock=clock) if isinstance(speech.speaker, ThreadedSpeaker) else None
    reload = Reload(options.config, settings, parts, panel, build=build, engine=engine_named(options.voice))
    parts.take_up, parts.try_device = reload.take_up, reload.try_device
    service = Service(parts, stop)
    parts.sinks = _sinks(options, service, opened)
    if page is not None:
        page.join(service)
    return service


def _speech(
    options: RunOptions, settings: Settings, announcer: Announcer, clock: Clock, remarks: list[str]
) -> VoiceController:
    events = EventLog(_events_target(options.events))
    phrases = load_phrases(settings.voice, options.config)
    speaker = build_speaker(
        options.voice,
        settings.voice,
        phrases,
        clock,
        printed=_print_stream(options),
        remarks=remarks,
        fast=options.fast,
        waits=options.waits_for_camera,
    )
    return VoiceController(
        SpeechQueue(settings.speech),
        phrases,
        speaker,
        events,
        announcer.on_started,
        volume=settings.voice.volume,
        loudest=phrases.voice.volume,
        tones=settings.voice.tones,
    )


def _settings_writer(options: RunOptions, settings: Settings) -> SettingsWriter:
    """A demonstration or a recording changes nobody's settings."""
    if not (is_live(options.camera) or options.waits_for_camera):
        return NoSettingsWriter()
    wishes = {"voice.volume": settings.voice.volume, "announce.mode": settings.announce.mode}
    return StateFileWriter(state_file(), wishes)


def _pace(options: RunOptions, settings: Settings) -> FrameRatePolicy | None:
    """Of a recording every picture is looked at."""
    is_recording = options.fast or replayed_path(options.camera) is not None
    return None if is_recording else FrameRatePolicy(settings.pace, settings.camera.stalled_s)


def _perception(settings: Settings, classifier: TFLiteClassifier) -> Perception:
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    detector, schedule = build_detector(settings.search.detector), ScanSchedule(settings.search)
    return Perception(detector, classifier, tracker, schedule, view_deg=settings.camera.view_deg)


def _stuck_detector(looking: Vision, awaited: AwaitedCamera, limit_s: float) -> Callable[[], bool]:
    """Whether a driver has not come back for so long, to the thread that looks or to one that was left behind."""
    if not isinstance(looking, ThreadedVision):
        return lambda: False
    return lambda: max(looking.away_s(), awaited.stuck_s()) >= limit_s


def _takes_requests(options: RunOptions) -> bool:
    return options.control or is_live(options.camera)


def _print_stream(options: RunOptions) -> TextIO:
    """Standard output, unless the events have it."""
    return sys.stderr if options.events == "-" else sys.stdout


def _notices(options: RunOptions, settings: Settings) -> Sequence[Announcement]:
    """What is said first; a recording that is played at full speed is no headset that could be ready."""
    chosen = {
        "demonstration": is_simulated(options.camera),
        "recording": options.record is not None,
        "changes_lost": options.lost_changes,
        "ready": replayed_path(options.camera) is None and not options.fast,
    }
    parts = [phrase for phrase, wanted in chosen.items() if wanted]
    if "ready" in parts and (settings.button.gpio >= 0 or settings.remote.device or options.keys):
        parts.append("help")
    return [Announcement((phrase,), Priority.ANSWER) for phrase in parts]


def _events_target(name: str | None) -> Path | TextIO | None:
    if name is None:
        return None
    return sys.stdout if name == "-" else Path(name)


def _refuse_waiting(options: RunOptions) -> None:
    if options.waits_for_camera and replayed_path(options.camera) is not None:
        raise ConfigError(f"--wait-for-camera: {options.camera} is a recording, which does not come later")


def _refuse_overwriting(options: RunOptions) -> None:
    inputs = (replayed_path(options.camera), options.config, options.model or shipped_model(), shipped_finder())
    if options.events not in (None, "-"):
        refuse_overwriting("--events", Path(str(options.events)), inputs)
    if options.record is not None:
        refuse_overwriting("--record", options.record, inputs)


def _sinks(options: RunOptions, service: Service, opened: ExitStack) -> list[FrameSink]:
    sinks: list[FrameSink] = [] if options.record is None else [VideoRecorder(options.record)]
    if options.show:
        sinks.append(Window(service.stop))
    for each in sinks:
        opened.callback(each.close)
    return sinks
