"""Joins the adapters to a service, as the command line and the settings say."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TextIO

from assistant.adapters.button import GpioButton
from assistant.adapters.cameras import camera_opener, is_simulated, replayed_path
from assistant.adapters.events import EventLog
from assistant.adapters.haar import HaarFaceDetector
from assistant.adapters.overlay import VideoRecorder, Window
from assistant.adapters.speech import check_engine, check_sound_device
from assistant.adapters.tflite import TFLiteClassifier
from assistant.adapters.voice import PrintSpeaker, ReckonedSpeaker, aloud, into_files
from assistant.announcer import Announcement, Announcer, Priority
from assistant.camera_watch import CameraWatch
from assistant.debounce import Debouncer
from assistant.errors import ConfigError, SpeechError
from assistant.files import refuse_overwriting
from assistant.phrases import Phrases
from assistant.pipeline import Perception
from assistant.ports import Clock, FrameSink, Speaker
from assistant.search import SearchPlan
from assistant.service import Parts, Service
from assistant.settings import Settings, VoiceSettings
from assistant.speech_queue import SpeechQueue
from assistant.tracking import FaceTracker

MODEL = "emotion-int8.tflite"
VOICES = "auto, pyttsx3, print, wav:DIR, none"


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
    phrases = Phrases.load(settings.voice.language)
    classifier = TFLiteClassifier(options.model or shipped_model())
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    plan = SearchPlan(settings.search)
    sinks: list[FrameSink] = []
    remarks: list[str] = []
    parts = Parts(
        open_camera=open_camera,
        reopens=replayed_path(options.camera) is None,
        perception=Perception(HaarFaceDetector(), classifier, tracker, plan, view_deg=settings.camera.view_deg),
        debouncer=Debouncer(settings.debounce),
        announcer=Announcer(settings.announce),
        queue=SpeechQueue(settings.speech),
        phrases=phrases,
        speaker=build_speaker(options, settings.voice, clock, remarks),
        clock=clock,
        events=events,
        watch=CameraWatch(settings.camera, clock.now()),
        button=GpioButton(settings.button.gpio) if settings.button.gpio >= 0 else None,
        sinks=sinks,
        duration_s=options.duration_s,
        notices=_notices(options),
        remarks=remarks,
    )
    if is_simulated(options.camera):
        remarks.append("Demonstration: the camera is simulated, its faces are drawn.")
    service = Service(parts, stop)
    sinks += _sinks(options, service)
    return service


def build_speaker(options: RunOptions, settings: VoiceSettings, clock: Clock, remarks: list[str]) -> Speaker:
    """The voice that was named; SpeechError when it was named and cannot speak, remarks where it was not."""
    kind, _, folder = options.voice.partition(":")
    voice = _audible_voice(remarks) if options.voice == "auto" else options.voice
    if voice == "pyttsx3":
        check_engine()
        check_sound_device()
        spoken = aloud(settings, keep_all=options.fast)
        return ReckonedSpeaker(spoken, clock, settings.rate_wpm) if options.fast else spoken
    if kind == "wav" and folder:
        check_engine()
        return ReckonedSpeaker(into_files(settings, Path(folder)), clock, settings.rate_wpm)
    if voice in ("print", "none"):
        return ReckonedSpeaker(PrintSpeaker(_print_stream(options, voice)), clock, settings.rate_wpm)
    raise ConfigError(f"--voice {options.voice!r}: allowed is {VOICES}")


def _audible_voice(remarks: list[str]) -> str:
    try:
        check_engine()
        check_sound_device()
    except SpeechError as error:
        remarks += [str(error), "There is no voice: what would be said is printed."]
        return "print"
    return "pyttsx3"


def _print_stream(options: RunOptions, voice: str) -> TextIO | None:
    """Standard output, unless the events have it."""
    if voice == "none":
        return None
    return sys.stderr if options.events == "-" else sys.stdout


def _notices(options: RunOptions) -> Sequence[Announcement]:
    chosen = {"demonstration": is_simulated(options.camera), "recording": options.record is not None}
    return [Announcement(phrase, Priority.ANSWER) for phrase, wanted in chosen.items() if wanted]


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
