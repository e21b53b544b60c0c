"""The loop, with the world acted by the test."""

import io
import json

import pytest

from assistant.adapters.events import EventLog
from assistant.assemble import RunOptions, build_service
from assistant.errors import SpeechError
from assistant.settings import Settings

pytestmark = pytest.mark.runtime


class Script:
    """A button pressed, or a voice that fails, at given turns of the loop."""

    def __init__(self, *turns):
        self.turns = set(turns)
        self.turn = 0

    def happens(self):
        """Whether it does at this turn."""
        self.turn += 1
        return self.turn in self.turns

    def take_presses(self):
        """A press, as a button tells it."""
        return int(self.happens())

    def close(self):
        """Nothing to do."""


def play(camera, **parts):
    """Run at full speed with these parts put in place; the events."""
    service = build_service(RunOptions(camera=camera, voice="none", fast=True), Settings())
    log = io.StringIO()
    service.parts.events = EventLog(log)
    service.parts.notices = ()
    for name, part in parts.items():
        setattr(service.parts, name, part)
    service.run()
    return [json.loads(line) for line in log.getvalue().splitlines()]


def said(events):
    """(text, priority, what became of it)."""
    texts = [event for event in events if event["type"] == "said"]
    return [(event["text"], event["priority"], "cut" in event or "dropped" in event) for event in texts]


def test_a_press_is_answered_at_once():
    """With what is seen at that moment: nobody, then a smile; the second cuts nothing off and waits for nothing."""
    events = play("simulated:empty 3, happy 4", button=Script(15, 100))
    assert said(events) == [
        ("I see nobody", "answer", False),
        ("looks happy", "emotion", False),
        ("looks happy", "answer", False),
    ]


def test_a_press_while_the_camera_is_away_says_so():
    """Silence and a dead camera are told apart."""
    events = play("simulated:empty 1, stall 6, empty 1", button=Script(55))
    assert ("no picture from the camera", "answer", False) in said(events)


class FailingSpeaker:
    """A voice that fails at its first phrase."""

    def __init__(self):
        self.said = []
        self.faults = []

    def say(self, text):
        """Fail once."""
        self.said.append(text)
        if len(self.said) == 1:
            self.faults.append(SpeechError("aplay failed: no device"))

    def stop(self):
        """Nothing to do."""

    def is_speaking(self):
        """Never."""
        return False

    def take_fault(self):
        """The failure, once."""
        return self.faults.pop() if self.faults else None

    def close(self, *, finish):
        """Nothing to do."""


def test_a_failing_voice_is_reported_and_the_loop_goes_on():
    """The next phrase is tried."""
    speaker = FailingSpeaker()
    events = play("simulated:happy 4, surprise 4", speaker=speaker)
    faults = [(event["fault"], event["message"]) for event in events if event["type"] == "fault"]
    assert faults == [("voice", "aplay failed: no device")]
    assert speaker.said == ["looks happy", "looks surprised"]
    assert events[-1]["frames"] == 120
