"""Joins the adapters to a service, as the command line and the settings say."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TextIO

from assistant.adapters.button import GpioButtons
from assistant.adapters.cameras import camera_opener, is_live, is_simulated, replayed_path
from assistant.adapters.clocks import MonotonicClock
from assistant.adapters.control_socket import ControlSocket
from assistant.adapters.events import EventLog
from assistant.adapters.haar import HaarFaceDetector
from assistant.adapters.keys import TerminalKeys
from assistant.adapters.overlay import VideoRecorder, Window
from assistant.adapters.phrase_cache import cache_folder
from assistant.adapters.power import LinuxMachine, QuietMachine
from assistant.adapters.remote import open_remote
from assistant.adapters.sight_thread import SightThread
from assistant.adapters.tflite import TFLiteClassifier
from assistant.announcer import Announcement, Announcer, Priority, card_wordings
from assistant.attendant import Attendant
from assistant.camera_watch import CameraWatch
from assistant.commands import Controls
from assistant.control_protocol import ControlError
from assistant.debounce import Debouncer
from assistant.files import refuse_overwriting
from assistant.gestures import ControlPanel
from assistant.parts import Parts
from assistant.pipeline import Perception
from assistant.ports import Clock, FrameSink
from assistant.practice import Practice, Stopped
from assistant.search import SearchPlan
from assistant.service import Service
from assistant.settings import Settings
from assistant.sight import Looking, Sight
from assistant.speech import Speech
from assistant.speech_queue import SpeechQueue
from assistant.tracking import FaceTracker
from assistant.voices import build_speaker, load_phrases

MODEL = "emotion-int8.tflite"


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


def shipped_model() -> Path:
    """The model inside the installed package, or the one of the checkout that this file stands in."""
    packaged = Path(str(resources.files("assistant"))) / "models" / MODEL
    return packaged if packaged.is_file() else Path(__file__).parent.parent / "models" / MODEL


def build_service(options: RunOptions, settings: Settings, stop: threading.Event | None = None) -> Service:
    """Build everything that can fail before the camera is opened; AssistantError says what is wrong.

    Setting `stop` ends the service, be it before it has begun.
    """
    open_camera, clock = camera_opener(options.camera, settings.camera, options.fps, fast=options.fast)
    _refuse_overwriting(options)
    events = EventLog(_events_target(options.events))
    phrases = load_phrases(settings.voice, options.config)
    classifier = TFLiteClassifier(options.model or shipped_model())
    perception = _perception(settings, classifier)
    watch = CameraWatch(settings.camera, clock.now())
    sight = Sight(open_camera, perception, watch, clock, reopens=replayed_path(options.camera) is None)
    announcer = Announcer(settings.announce, card_wordings(classifier.card.speaking()))
    remarks: list[str] = []
    printed = _print_stream(options)
    speaker = build_speaker(
        options.voice, settings.voice, phrases, clock, printed=printed, remarks=remarks, fast=options.fast
    )
    speech = Speech(
        SpeechQueue(settings.speech),
        phrases,
        speaker,
        events,
        announcer.begun,
        volume=settings.voice.volume,
        loudest=phrases.voice.volume,
        tones=settings.voice.tones,
    )
    panel = ControlPanel(_controls(options, settings, clock, remarks), settings.gestures)
    sinks: list[FrameSink] = []
    if is_simulated(options.camera):
        remarks.append("Demonstration: the camera is simulated, its faces are drawn.")
    parts = Parts(
        sight=_sight(sight, options),
        debouncer=Debouncer(settings.debounce),
        announcer=announcer,
        speech=speech,
        attendant=Attendant(panel, announcer, speech),
        clock=clock,
        machine=QuietMachine() if options.fast else LinuxMachine(cache_folder()),
        is_live=replayed_path(options.camera) is None,
        sinks=sinks,
        turn_s=0.1 if options.fast else 0.02,  # nobody waits for a recording
        duration_s=options.duration_s,
        notices=_notices(options, settings),
        remarks=remarks,
    )
    service = Service(parts, stop)
    sinks += _sinks(options, service)
    return service


def _perception(settings: Settings, classifier: TFLiteClassifier) -> Perception:
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    plan = SearchPlan(settings.search)
    return Perception(HaarFaceDetector(), classifier, tracker, plan, view_deg=settings.camera.view_deg)


def _sight(sight: Sight, options: RunOptions) -> Looking:
    """Frame by frame on a recording's own clock, which must pass the same each time; else in a thread."""
    return sight if options.fast else SightThread(sight)


def _controls(options: RunOptions, settings: Settings, clock: Clock, remarks: list[str]) -> list[Controls]:
    """What the wearer and others command with; only `assistant ctl` may be missing, which is remarked."""
    controls: list[Controls] = []
    button = settings.button
    if max(button.gpio, button.louder_gpio, button.quieter_gpio) >= 0:
        controls.append(GpioButtons(button.gpio, button.louder_gpio, button.quieter_gpio, clock.now))
    if settings.remote.device:
        controls.append(open_remote(settings.remote, clock.now))
    if options.keys:
        controls.append(TerminalKeys(now=clock.now))
    if options.control or is_live(options.camera):
        try:
            controls.append(ControlSocket())
        except ControlError as error:
            remarks.append(f"{error}: `assistant ctl` will find nobody")
    return controls


def _print_stream(options: RunOptions) -> TextIO:
    """Standard output, unless the events have it."""
    return sys.stderr if options.events == "-" else sys.stdout


def _notices(options: RunOptions, settings: Settings) -> Sequence[Announcement]:
    """What is said first; a recording that is played at full speed is no headset that could be ready."""
    chosen = {
        "demonstration": is_simulated(options.camera),
        "recording": options.record is not None,
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


def _refuse_overwriting(options: RunOptions) -> None:
    inputs = (replayed_path(options.camera), options.config, options.model or shipped_model())
    if options.events not in (None, "-"):
        refuse_overwriting("--events", Path(str(options.events)), inputs)
    if options.record is not None:
        refuse_overwriting("--record", options.record, inputs)


def _sinks(options: RunOptions, service: Service) -> list[FrameSink]:
    sinks: list[FrameSink] = []
    if options.record is not None:
        sinks.append(VideoRecorder(options.record))
    if options.show:
        sinks.append(Window(service.stop))
    return sinks


def build_practice(voice: str, settings: Settings, config: Path | None) -> int:
    """Practise by the keys of the terminal, and by the button and the remote where there are any; the exit code."""
    clock = MonotonicClock()
    phrases = load_phrases(settings.voice, config)
    classifier = TFLiteClassifier(shipped_model())
    remarks: list[str] = []
    speaker = build_speaker(voice, settings.voice, phrases, clock, printed=sys.stdout, remarks=remarks)
    for remark in remarks:
        print(remark, file=sys.stderr)
    with ExitStack() as closing:
        closing.callback(speaker.close, finish=False)
        panel = ControlPanel(
            _controls(RunOptions(camera="simulated", keys=True), settings, clock, remarks), settings.gestures
        )
        closing.callback(panel.close)
        announcer = Announcer(settings.announce, card_wordings(classifier.card.speaking()))
        with suppress(Stopped):
            Practice(speaker, phrases, panel, clock).run(announcer, classifier)
    return 0
