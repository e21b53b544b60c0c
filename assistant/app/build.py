"""Builds the service from the options and the settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from assistant.app.command_handler import CommandHandler
from assistant.app.components import Components, NoSettingsWriter, SettingsWriter, never
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.pins import refuse_equal_pins
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import read_layers, state_file
from assistant.app.drivers.display import VideoRecorder, Window
from assistant.app.drivers.event_file import EventFile
from assistant.app.drivers.fault_store import fault_store
from assistant.app.drivers.settings_writer import StateFileWriter
from assistant.app.drivers.systemd import supervisor_of
from assistant.app.drivers.vision_thread import ThreadedVision
from assistant.app.events import EventHub, EventListener
from assistant.app.frame_sinks import FrameSink
from assistant.app.page import PageMaker, no_page
from assistant.app.reporting.fault_reporter import NoFaultStore
from assistant.app.service import Service
from assistant.app.vision import Vision, VisionLoop
from assistant.app.wakeup import Wakeup
from assistant.camera.choose import camera_opener
from assistant.camera.drivers.awaited import AwaitedCamera
from assistant.camera.frame_rate import FrameRatePolicy
from assistant.camera.watchdog import CameraWatch
from assistant.controls.build import WantedControls, build_controls
from assistant.controls.gestures import ControlPanel
from assistant.emotion.build import build_perception
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.health.battery import Battery, BatteryWatch
from assistant.health.build import build_battery
from assistant.health.drivers.power import LinuxMachine, QuietMachine
from assistant.outputs.build import build_haptics, build_light
from assistant.outputs.haptics import Haptics
from assistant.speech.announcer import Announcer
from assistant.speech.build import aloud_with, build_speaker, engine_named, load_phrases
from assistant.speech.drivers.phrase_cache import phrase_folder
from assistant.speech.drivers.threaded_speaker import ThreadedSpeaker
from assistant.speech.exchange import VoiceExchange
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController


def build_service(
    options: RunOptions, settings: Settings, stop: threading.Event | None = None, make_page: PageMaker = no_page
) -> Service:
    """Build a service. Setting `stop` ends it, even before it has begun.

    AssistantError is raised when something is wrong or missing. All that was opened by then is closed again, so that
    the sound device is free for saying why.
    """
    stop = stop or threading.Event()
    with ExitStack() as opened:
        builder = _Builder(options, settings, stop, opened, make_page)
        service = Service(builder.components(), stop)
        opened.pop_all()  # from now on the service closes them
    if builder.page is not None:
        builder.page.serve(service)
    return service


def build_components(options: RunOptions, settings: Settings, stop: threading.Event | None = None) -> Components:
    """Build the components of a service without a page; errors are raised as by `build_service`."""
    with ExitStack() as opened:
        components = _Builder(options, settings, stop or threading.Event(), opened, no_page).components()
        opened.pop_all()
    return components


class _Builder:
    """Builds in the order in which things may fail; the camera is opened later, by the service."""

    def __init__(
        self, options: RunOptions, settings: Settings, stop: threading.Event, opened: ExitStack, make_page: PageMaker
    ) -> None:
        """`opened` closes what was opened so far when a later step fails."""
        self._options, self._settings = options, settings
        self._stop = stop
        self._opened = opened
        self._remarks: list[str] = []
        self._wakeup = Wakeup()
        self._open_camera, self._clock = camera_opener(options.camera, settings.camera, options.fps, fast=options.fast)
        options.check()
        refuse_equal_pins(settings)
        if options.is_simulated:
            self._remarks.append("Demonstration: the camera is simulated, its faces are drawn.")
        paged = replace(settings, web=replace(settings.web, **options.web))
        self.page = None if options.fast else make_page(paged, options.config, options.model_path, self._remarks)

    def components(self) -> Components:
        """Build all of them."""
        options, settings = self._options, self._settings
        classifier = TFLiteClassifier(options.model_path)
        announcer = Announcer(settings.announce, movements=classifier.movements)
        events = self._events()
        voice = self._voice(announcer, events)
        panel = self._panel()
        watch = CameraWatch(settings.camera, self._clock.now(), gives_up=not options.waits_for_camera)
        perception = build_perception(settings, classifier, measures_motion=settings.announce.nods)
        vision, is_stuck = self._vision(perception, watch)
        return Components(
            settings=settings,
            read_settings=partial(read_layers, options.config),
            vision=vision,
            bounds=classifier.bounds,
            camera_watch=watch,
            announcer=announcer,
            voice=voice,
            voice_exchange=self._voice_exchange(voice),
            panel=panel,
            command_handler=CommandHandler(panel, announcer, voice, options.introduction),
            events=events,
            clock=self._clock,
            machine=QuietMachine() if options.fast else LinuxMachine(phrase_folder()),
            battery=self._battery(),
            battery_watch=BatteryWatch(settings.battery, switches_off=options.waits_for_camera),
            haptics=self._haptics(),
            is_live=not options.is_recording,
            is_stuck=is_stuck,
            supervisor=supervisor_of(),
            fault_store=NoFaultStore() if options.fast else fault_store(),
            recall_timeout_s=options.recall_timeout_s(settings),
            settings_writer=self._settings_writer(),
            sinks=self._sinks(),
            wake=self._wakeup.set,
            duration_s=options.duration_s,
            notices=options.notices(settings),
            remarks=self._remarks,
        )

    def _battery(self) -> Battery:
        battery = build_battery(self._settings.battery, self._clock.now, is_read=self._options.has_real_camera)
        self._opened.callback(battery.close)
        return battery

    def _haptics(self) -> Haptics:
        haptics = build_haptics(self._settings.haptics, is_felt=not (self._options.is_recording or self._options.fast))
        self._opened.callback(haptics.close)
        return haptics

    def _events(self) -> EventHub:
        target = self._options.events_target()
        listeners: list[EventListener] = [] if target is None else [EventFile(target)]
        if self.page is not None:
            listeners.append(self.page.feed)
        return EventHub(listeners)

    def _voice(self, announcer: Announcer, events: EventHub) -> VoiceController:
        options, settings = self._options, self._settings
        phrases = load_phrases(settings.voice, options.config)
        speaker = build_speaker(
            options.voice,
            settings.voice,
            phrases,
            self._clock,
            printed=options.text_output(),
            remarks=self._remarks,
            fast=options.fast,
            waits=options.waits_for_camera,
            wake=self._wakeup.set,
        )
        self._opened.callback(speaker.close, finish=False)
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

    def _voice_exchange(self, voice: VoiceController) -> VoiceExchange:
        build = (
            partial(aloud_with, clock=self._clock, wake=self._wakeup.set)
            if isinstance(voice.speaker, ThreadedSpeaker)
            else None
        )
        engine = engine_named(self._options.voice)
        return VoiceExchange(voice, self._settings.voice, self._options.config, build=build, engine=engine)

    def _panel(self) -> ControlPanel:
        options, settings = self._options, self._settings
        wanted = WantedControls(settings.button, settings.remote, options.keys, options.takes_requests)
        controls = build_controls(wanted, self._clock, self._remarks, self._wakeup.set)
        for each in controls:
            self._opened.callback(each.close)
        return ControlPanel(controls if self.page is None else self.page.among(controls), settings.gestures)

    def _vision(self, perception: Perception, watch: CameraWatch) -> tuple[Vision, Callable[[], bool]]:
        """Return what scans the frames, and whether its driver has not answered for too long."""
        options, settings = self._options, self._settings
        awaited = AwaitedCamera(self._open_camera)
        scans_all = options.fast or options.is_recording
        loop = VisionLoop(
            awaited.open if options.waits_for_camera else self._open_camera,
            perception,
            watch,
            self._clock,
            reopens=not options.is_recording,
            pace=None if scans_all else FrameRatePolicy(settings.pace, settings.camera.stalled_s),
        )
        if options.fast:  # without a thread, since a recording must pass the same way each time
            return loop, never
        threaded, limit_s = ThreadedVision(loop, self._wakeup), settings.camera.stuck_s
        return threaded, lambda: max(threaded.away_s(), awaited.stuck_s()) >= limit_s

    def _settings_writer(self) -> SettingsWriter:
        if not self._options.keeps_changes:
            return NoSettingsWriter()
        settings = self._settings
        kept = {"voice.volume": settings.voice.volume, "announce.mode": settings.announce.mode}
        return StateFileWriter(state_file(), kept)

    def _sinks(self) -> list[FrameSink]:
        sinks: list[FrameSink] = []
        if self._options.record is not None:
            sinks.append(VideoRecorder(self._options.record))
        if self._options.show:
            sinks.append(Window(self._stop.set))
        if self._options.has_real_camera:
            sinks += build_light(self._settings.light)
        for each in sinks:
            self._opened.callback(each.close)
        return sinks if self.page is None else [*sinks, self.page.feed]
