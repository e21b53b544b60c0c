"""Builds the service's components in a world that a test acts, and runs them at full speed."""

import io
import json
from dataclasses import replace

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.drivers.event_file import EventFile
from assistant.app.events import EventHub
from assistant.app.service import Service
from assistant.controls.commands import Edge
from assistant.controls.gestures import ControlPanel
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController


class Script:
    """A button that is pressed at given times, in seconds of the recording."""

    def __init__(self, *presses_s):
        self.presses_s = list(presses_s)
        self.clock = None

    def take(self):
        """Return a press and its release once the next time has come."""
        if not self.presses_s or self.clock.now() < self.presses_s[0]:
            return []
        del self.presses_s[0]
        now = self.clock.now()
        return [Edge(True, now), Edge(False, now)]

    def close(self):
        """Do nothing."""


def components_of(camera, *, button=None, speaker=None, fps=None, **exchanged):
    """Return components at full speed, some of them exchanged, and the log of their events.

    With few frames a second, minutes without people are over soon.
    """
    log = io.StringIO()
    components = build_components(RunOptions(camera=camera, voice="none", fast=True, fps=fps), Settings())
    events = EventHub([EventFile(log)])
    mouth, on_started = speaker or components.voice.speaker, components.announcer.on_started
    voice = VoiceController(SpeechQueue(), components.voice.phrases, mouth, events, on_started)
    panel = components.panel
    if button is not None:
        button.clock, panel = components.clock, ControlPanel([button])
    handler = CommandHandler(panel, components.announcer, voice)
    return replace(components, voice=voice, events=events, command_handler=handler, **exchanged), log


def events_of(log):
    """Return the events in this log."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def play(camera, *, button=None, speaker=None, fps=None, **exchanged):
    """Run a service with these components exchanged, and return its events."""
    components, log = components_of(camera, button=button, speaker=speaker, fps=fps, notices=(), **exchanged)
    Service(components).run()
    return events_of(log)


def said(events):
    """Return (text, priority, whether it was cut off or dropped) for each phrase."""
    texts = [event for event in events if event["type"] == "said"]
    return [(event["text"], event["priority"], "cut" in event or "dropped" in event) for event in texts]
