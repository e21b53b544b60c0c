"""What waits to be said of the face in front, and what makes it out of date."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.events import EventHub
from assistant.app.observer import Observer
from assistant.app.reporting.event_reporter import EventReporter
from assistant.camera.drivers.clocks import RecordingClock
from assistant.emotion.movements import MOVEMENTS
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import Emotion
from assistant.frame import Frame
from assistant.geometry import BoundingBox
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.announcer import Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.queue import SpeechQueue, SpeechSettings
from assistant.speech.voice import VoiceController
from tests.builders.scores import sure
from tests.fakes.event_listeners import KeptEvents
from tests.fakes.speakers import TimedSpeaker

pytestmark = pytest.mark.runtime

FPS = 10
REST, SMILE, FROWN = (-3.0,) * 4, (3.0, -3.0, -3.0, -3.0), (-3.0, 3.0, -3.0, -3.0)


class Watcher:
    """An observer that says movements, after a phrase that lets every other one wait for `gap_s`."""

    def __init__(self, gap_s, **settings):
        components = build_components(RunOptions(camera="simulated:empty 1", voice="none", fast=True), Settings())
        self.kept, self.clock = KeptEvents(), RecordingClock()
        events = EventHub([self.kept])
        announcer = Announcer(AnnouncerSettings(**settings), movements=MOVEMENTS)
        queue = SpeechQueue(SpeechSettings(least_gap_s=gap_s, stale_s=60.0))
        speaker = TimedSpeaker(self.clock)
        self.voice = VoiceController(queue, components.voice.phrases, speaker, events, announcer.on_started)
        joined = replace(components, announcer=announcer, voice=self.voice, events=events)
        self.observer = Observer(joined, EventReporter(events))
        self.voice.enqueue(Announcement(("ready",), Priority.FAULT), 0.0)
        self.voice.step(0.0)

    def watch(self, seconds, movements, emotion=Emotion.NEUTRAL):
        """Let somebody in front show this."""
        face = ClassifiedFace(BoundingBox(2, 2, 80, 80), sure(emotion, 0.99), None, movements=movements)
        for _ in range(round(seconds * FPS)):
            self.clock.wait(1 / FPS)
            now = self.clock.now()
            self.observer.observe(Frame(np.zeros((9, 9), np.uint8), now), Observation(face, 1, 1), now)
            self.voice.step(now)

    def said(self):
        """Return (words, whether they were dropped) for each phrase but the first, and each emotion as an event."""
        events = [each.fields for each in self.kept.events if each.kind in ("said", "emotion")]
        return [(each["text"], "dropped" in each) if "text" in each else str(each["emotion"]) for each in events[1:]]


def test_a_movement_that_waits_is_dropped_when_it_ends():
    """A smile that is over before it may be said is not said."""
    watcher = Watcher(6.0, words="movements")
    watcher.watch(3, REST)
    watcher.watch(1.5, SMILE)
    watcher.watch(2, REST)
    assert watcher.said() == ["neutral", ("smiles", True)]


def test_the_newest_movement_waits():
    """A frown takes the place of a smile that waits, and the end of the smile does not drop the frown."""
    watcher = Watcher(8.0, words="movements")
    watcher.watch(3, REST)
    watcher.watch(1.5, SMILE)
    watcher.watch(4, FROWN)
    assert watcher.said() == ["neutral", ("smiles", True), ("frowns", False)]


def test_an_emotion_drops_no_movement_that_waits():
    """An emotion that settles is not said then, and a smile that still holds is said once it may be."""
    watcher = Watcher(6.0, words="movements")
    watcher.watch(3, REST)
    watcher.watch(1, SMILE)
    watcher.watch(4, SMILE, Emotion.SAD)
    assert watcher.said() == ["neutral", "sad", ("smiles", False)]


def test_where_looks_are_said_a_movement_changes_nothing():
    """By default an emotion waits and is said, whatever movements end meanwhile."""
    watcher = Watcher(8.0)
    watcher.watch(3, SMILE)
    watcher.watch(2, SMILE, Emotion.SAD)
    watcher.watch(4, REST, Emotion.SAD)
    assert watcher.said() == ["neutral", "sad", ("looks sad", False)]


def test_a_face_that_does_not_count_yet_has_no_movements():
    """A face begins to show movements once it is certain that somebody is there."""
    watcher = Watcher(0.0, words="movements")
    appear_s = Settings().debounce.appear_s
    watcher.watch(5, SMILE)
    began = next(each.t_s for each in watcher.kept.events if each.kind == "movement")
    assert began >= appear_s + 0.5
