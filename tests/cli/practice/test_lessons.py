"""The lessons of `assistant practice`: a wearer learns the headset without a helper."""

import io

import pytest

from assistant.camera.drivers.clocks import RecordingClock
from assistant.cli.practice.lessons import Practice, Stopped, answer_to
from assistant.controls.commands import Command, Inbox
from assistant.controls.gestures import ControlPanel
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import Emotion
from assistant.networks.shipped import shipped_model
from assistant.speech.announcer import Announcer, AnnouncerSettings
from assistant.speech.drivers.speakers import PrintSpeaker, ReckonedSpeaker
from assistant.speech.phrases import Phrases

pytestmark = pytest.mark.runtime

CLASSIFIER = TFLiteClassifier(shipped_model())


class Pupil(Inbox):
    """A pupil who does what the last line asks for, on a clock that only passes when the lesson waits."""

    def __init__(self, **does):
        super().__init__()
        self.clock, self.heard, self.does = RecordingClock(), io.StringIO(), does
        self.announcer = Announcer(AnnouncerSettings())
        speaker = ReckonedSpeaker(PrintSpeaker(self.heard), self.clock, 175)
        self.practice = Practice(speaker, Phrases.load("en"), ControlPanel([self]), self.clock, self)
        self.felt = []

    def take(self):
        """Return what the last line asks for."""
        return [command for words, command in self.does.items() if words.replace("_", " ") in self.lines()[-1]]

    def lines(self):
        """Return what was said."""
        return [line.removeprefix("says: ") for line in self.heard.getvalue().splitlines()] or [""]

    def feel(self, name, side):
        """Keep what is felt."""
        self.felt.append((name, side))

    def close(self):
        """Do nothing."""


def test_a_pupil_who_listens_gets_everything_right():
    """Each press is asked for and understood, and the pupil distinguishes happy faces from others."""
    pupil = Pupil(
        press_once=Command.TELL,
        press_twice=Command.REPEAT,
        press_three=Command.NEXT_MODE,
        press_four=Command.INTRODUCE,
        hold_the_button=Command.STATUS,
        press_and_hold=Command.GUIDE,
        away__looks_happy=Command.TELL,
    )
    pupil.does = {key.replace("__", ", "): command for key, command in pupil.does.items()}
    assert pupil.practice.run(pupil.announcer, CLASSIFIER) == 4
    assert pupil.lines()[-1] == "4, right answers, of, 4, the end"
    assert "practice" in pupil.lines()[0]
    assert "not yet" not in pupil.heard.getvalue()
    examples = ["maybe looks at you", "looks angry", "looks happy", "looks sad", "looks surprised"]
    assert [line for line in pupil.lines() if line in examples] == examples
    assert [name for name, _ in pupil.felt] == ["found", "lost", "at_you", "angry", "happy", "sad", "surprise"]


def test_a_pupil_who_does_nothing_is_asked_again_and_then_told():
    """Each press is asked for three times, and the lesson ends within ten minutes."""
    pupil = Pupil()
    assert pupil.practice.run(pupil.announcer, CLASSIFIER) == 2
    assert pupil.lines().count("press once, and I tell what I see") == 3
    assert pupil.clock.now() < 600


def test_it_can_be_left_at_any_time():
    """The command to stop ends the lesson."""
    pupil = Pupil(practice=Command.STOP)
    with pytest.raises(Stopped):
        pupil.practice.run(pupil.announcer, CLASSIFIER)


@pytest.mark.parametrize(("emotion", "words"), [(Emotion.HAPPY, "plain.happy"), (Emotion.SURPRISE, "plain.surprise")])
def test_the_drawn_faces_are_judged_by_the_real_model(emotion, words):
    """The answers in the lesson come from the shipped model, which classifies the drawn faces."""
    assert answer_to(Announcer(), CLASSIFIER, emotion)[-1] == words
