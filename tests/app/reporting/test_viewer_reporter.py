"""The wearer hears once that somebody looks through the camera on the page, and once that nobody does any more."""

import threading
from dataclasses import replace

import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.events import EventHub
from assistant.app.reporting.viewer_reporter import HOLD_S, ViewerReporter
from assistant.app.service import Service
from assistant.camera.drivers.clocks import RecordingClock
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController
from tests.fakes.speakers import TimedSpeaker

TURN_S = 0.5
CAME, WENT = "somebody looks through the camera", "nobody looks through the camera any more"


class Wearer:
    """Hears a headset on a clock that only passes when the test moves it."""

    def __init__(self, phrase_s: float = 1.0) -> None:
        self.clock = RecordingClock()
        self.speaker = TimedSpeaker(self.clock, phrase_s)
        self.voice = VoiceController(
            SpeechQueue(), Phrases.load("en"), self.speaker, EventHub(), lambda announcement, now: None
        )
        self.reporter = ViewerReporter(self.voice)

    def watched_by(self, *counts: int, each_s: float = TURN_S) -> list[str]:
        """Let the page have these numbers of viewers, each for some time; return what is said meanwhile."""
        self.speaker.said.clear()
        for count in counts:
            self.reporter.set_viewers(count)
            for _ in range(round(each_s / TURN_S)):
                now = self.clock.now()
                self.reporter.step(now)
                self.voice.step(now)
                self.clock.wait(TURN_S)
        return list(self.speaker.said)


@pytest.fixture
def wearer():
    """Return the wearer of a headset whose page nobody has opened."""
    return Wearer()


def test_the_first_viewer_and_the_end_of_the_last_are_said(wearer):
    """Further streams and viewers are not said, and nothing is said while nobody ever comes."""
    assert wearer.watched_by(0, each_s=10) == []
    assert wearer.watched_by(1, 2, 4, 3, 1, each_s=10) == [CAME]
    assert wearer.watched_by(0, each_s=HOLD_S - TURN_S) == []
    assert wearer.reporter.is_watched
    assert wearer.watched_by(0, each_s=10) == [WENT]
    assert not wearer.reporter.is_watched
    assert wearer.watched_by(1, each_s=10) == [CAME]


def test_a_page_that_is_loaded_again_is_not_said_again(wearer):
    """Viewers who leave and come back within the hold are the same to the wearer."""
    assert wearer.watched_by(*[2, 0, 1, 0] * 20) == [CAME]


def test_a_look_between_two_turns_of_the_loop_is_said(wearer):
    """Somebody who looks for a moment only is said, and after the hold that nobody looks."""
    wearer.reporter.set_viewers(1)
    assert wearer.watched_by(0, each_s=10) == [CAME, WENT]


def test_it_waits_for_the_end_of_what_is_said():
    """An answer is not cut off, and a look that was shorter than the answer is said after it."""
    wearer = Wearer(phrase_s=8.0)
    wearer.voice.enqueue(Announcement.answering(("plain.happy",)), 0.0)
    wearer.voice.step(0.0)
    assert wearer.watched_by(1, 0, 0, 0, each_s=1.5) == []
    assert wearer.watched_by(0, each_s=30) == [CAME, WENT]


def test_while_muted_it_is_silent_and_says_afterwards_what_is_so(wearer):
    """When the voice is no longer muted, it says that somebody looks; a look that ended meanwhile is not said."""
    wearer.voice.muted = True
    assert wearer.watched_by(1, 0, each_s=10) == []
    assert wearer.watched_by(1, each_s=10) == []
    wearer.voice.muted = False
    assert wearer.watched_by(1, each_s=10) == [CAME]


def test_when_the_sound_is_back_it_is_said_again(wearer):
    """A viewer who came while there was no sound is said; without a viewer there is nothing to say."""
    assert wearer.watched_by(1, each_s=10) == [CAME]
    wearer.reporter.on_sound_back()
    assert wearer.watched_by(1, each_s=10) == [CAME]
    assert wearer.watched_by(0, each_s=10) == [WENT]
    wearer.reporter.on_sound_back()
    assert wearer.watched_by(0, each_s=10) == []


@pytest.mark.runtime
def test_the_service_says_it_and_its_status_has_it():
    """The number of viewers may come from any thread while the loop runs."""
    stop = threading.Event()
    components = build_components(RunOptions(camera="simulated:empty 3", voice="none", fast=True), Settings())
    service = Service(replace(components, notices=()), stop)
    telling = threading.Thread(target=service.requests.set_viewers, args=(1,))
    telling.start()
    telling.join()
    service.run()
    assert service.requests.is_watched
    assert service._status(3.0).is_watched
    assert components.voice.last == Announcement(("watched",), Priority.FAULT, "page")
