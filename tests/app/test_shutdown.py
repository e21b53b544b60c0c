"""The end of the service: the last words, and that every component is closed whatever fails."""

import threading
from dataclasses import replace

import pytest

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.events import EventHub
from assistant.app.shutdown import LAST_WORDS_S, STOP_PHRASE_S, announce_stop, close_all, drain_speech
from assistant.camera.drivers.clocks import RecordingClock
from assistant.controls.commands import Inbox
from assistant.controls.gestures import ControlPanel
from assistant.errors import SpeechError
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController
from tests.fakes.event_listeners import KeptEvents
from tests.fakes.speakers import TimedSpeaker

SAID, WAITING = Announcement(("camera_lost",), Priority.FAULT), Announcement(("hot",), Priority.FAULT)


class Ending:
    """The components of a service that ends, on a clock that only passes when the service waits."""

    def __init__(self, phrase_s: float = 1.0) -> None:
        self.clock, self.listener, self.closed = RecordingClock(), KeptEvents(), []
        self.speaker = TimedSpeaker(self.clock, phrase_s)
        self.speaker.close = lambda *, finish: self.close("speaker", finish)
        self.failing = ""
        self.inbox = Inbox()
        self.inbox.close = lambda: self.close("controls")
        self.voice = VoiceController(
            SpeechQueue(), Phrases.load("en"), self.speaker, EventHub([self.listener]), lambda *_: None
        )
        built = build_components(RunOptions(camera="simulated:empty 1", voice="none", fast=True), Settings())
        handler = CommandHandler(ControlPanel([self.inbox]), built.announcer, self.voice)
        self.components = replace(
            built,
            clock=self.clock,
            voice=self.voice,
            events=EventHub([self.listener]),
            command_handler=handler,
            vision=Named(self, "vision"),
            settings_writer=Named(self, "settings"),
            sinks=(Named(self, "video"), Named(self, "window")),
        )

    def close(self, name, finish=None):
        """Keep that a component was closed; raise an error when it is the one that fails."""
        self.closed.append(name if finish is None else (name, finish))
        if name == self.failing:
            raise SpeechError(f"{name} fails")

    def begin(self, *announcements):
        """Let these be said, the first one now."""
        for each in announcements:
            self.voice.enqueue(each, self.clock.now())
            self.voice.step(self.clock.now())

    def published(self):
        """Return what was published: (text, how it ended) of each phrase, and the kind of every other event."""
        fate = ("cut", "dropped")
        return [
            (event.fields["text"], *(key for key in fate if key in event.fields))
            if event.kind == "said"
            else event.kind
            for event in self.listener.events
        ]


class Named:
    """A component that is closed, or flushed, by its name."""

    def __init__(self, ending: Ending, name: str) -> None:
        self._ending, self._name = ending, name

    def close(self):
        """Keep that it was closed."""
        self._ending.close(self._name)

    flush = close


def test_a_phrase_that_sounds_is_finished():
    """At the end of a recording, the service waits until the phrase is over, and says nothing that still waits."""
    ending = Ending(phrase_s=2.0)
    ending.begin(SAID, WAITING)
    drain_speech(ending.components, threading.Event(), to_the_last=False)
    assert ending.clock.now() == pytest.approx(2.0, abs=0.1)
    assert ending.speaker.said == ["the camera is gone"]


def test_what_waits_is_said_when_the_wearer_has_ended_the_program():
    """With `to_the_last`, the phrases that wait in the queue are said too."""
    ending = Ending(phrase_s=0.5)
    ending.begin(SAID, WAITING)
    drain_speech(ending.components, threading.Event(), to_the_last=True)
    assert ending.speaker.said == ["the camera is gone", "too hot"]
    assert not ending.voice.is_speaking()


@pytest.mark.parametrize("to_the_last", [True, False])
def test_nobody_waits_long_for_a_phrase_that_does_not_end(to_the_last):
    """The service waits for at most five seconds."""
    ending = Ending(phrase_s=60.0)
    ending.begin(SAID, WAITING)
    drain_speech(ending.components, threading.Event(), to_the_last=to_the_last)
    assert ending.clock.now() == pytest.approx(LAST_WORDS_S, abs=0.1)


def test_nothing_is_waited_for_once_the_program_is_told_to_stop():
    """A stop ends the waiting at once."""
    ending, stop = Ending(phrase_s=60.0), threading.Event()
    ending.begin(SAID)
    stop.set()
    drain_speech(ending.components, stop, to_the_last=True)
    assert ending.clock.now() == 0.0


def test_where_nothing_sounds_nothing_is_waited_for():
    """A service without speech ends at once."""
    ending = Ending()
    drain_speech(ending.components, threading.Event(), to_the_last=False)
    assert (ending.clock.now(), ending.speaker.said) == (0.0, [])


@pytest.mark.parametrize("muted", [True, False])
def test_that_the_program_stops_is_said_at_once(muted):
    """Other phrases are cut off or dropped, and the stop is said although the voice was muted."""
    ending = Ending(phrase_s=0.5)
    ending.begin(SAID, WAITING)
    ending.voice.muted = muted
    announce_stop(ending.components)
    assert ending.speaker.said == ["the camera is gone", "stopping"]
    ended = [("the camera is gone", "cut"), ("too hot", "dropped"), ("stopping",)]
    assert ending.published() == [("the camera is gone",), *ended]
    assert ending.clock.now() == pytest.approx(0.5, abs=0.1)


def test_the_last_phrase_delays_the_end_by_less_than_a_second():
    """A voice that does not come to its end is not waited for: systemd would kill the program."""
    ending = Ending(phrase_s=60.0)
    announce_stop(ending.components)
    assert ending.clock.now() == pytest.approx(STOP_PHRASE_S, abs=0.1)


ORDER = ["settings", "vision", ("speaker", True), "controls", "window", "video"]


@pytest.mark.parametrize("failing", ["", "settings", "vision", "speaker", "controls", "window", "video"])
def test_everything_is_closed_whatever_fails(failing):
    """The settings are written first, the events closed last, and a component that fails keeps no other one open."""
    ending = Ending()
    ending.begin(SAID)
    ending.failing = failing

    def last():
        ending.components.events.write(9.0, "end")

    if failing:
        with pytest.raises(SpeechError, match=f"{failing} fails"):
            close_all(ending.components, last, finish=True)
    else:
        close_all(ending.components, last, finish=True)
    assert ending.closed == ORDER
    assert ending.published()[-2:] == [("the camera is gone", "cut"), "end"]
    assert ending.listener.closed == 1


def test_the_speaker_is_cut_off_when_the_program_was_told_to_stop():
    """Without `finish`, the speaker does not finish what it says."""
    ending = Ending()
    close_all(ending.components, lambda: None, finish=False)
    assert ("speaker", False) in ending.closed


def test_what_the_last_call_raises_closes_the_events_all_the_same():
    """An error of the last call is raised after the events were closed."""
    ending = Ending()

    def last():
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        close_all(ending.components, last, finish=True)
    assert (ending.closed, ending.listener.closed) == (ORDER, 1)
