"""The lessons of `assistant practice`: a wearer learns the headset without a helper."""

import io
from dataclasses import replace
from types import MappingProxyType

import pytest

from assistant.app.configuration.settings import Settings
from assistant.camera.drivers.clocks import RecordingClock
from assistant.cli.practice.lessons import Practice, Stopped
from assistant.cli.practice.rounds import ROUNDS, answer_to
from assistant.cli.practice.topics import TOPICS, Pupil
from assistant.controls.commands import Command, Inbox
from assistant.controls.gestures import ControlPanel
from assistant.emotion.movements import MOVEMENTS
from assistant.emotion.tflite import TFLiteClassifier
from assistant.networks.shipped import shipped_model
from assistant.outputs.settings import HapticsSettings, LightSettings
from assistant.speech.announcer import Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.drivers.speakers import PrintSpeaker, ReckonedSpeaker
from assistant.speech.phrases import NUMBER, Phrases
from tests.fakes.classifiers import MovingClassifier

pytestmark = pytest.mark.runtime

CLASSIFIER = TFLiteClassifier(shipped_model())


class Learner(Inbox):
    """A person who does what the last line asks for, on a clock that only passes when the lesson waits."""

    def __init__(self, picks=MappingProxyType({}), **does):
        super().__init__()
        self.picks = picks
        self.clock, self.heard, self.does = RecordingClock(), io.StringIO(), does
        speaker = ReckonedSpeaker(PrintSpeaker(self.heard), self.clock, 175)
        self.practice = Practice(speaker, Phrases.load("en"), ControlPanel([self]), self.clock, self)
        self.felt = []

    def take(self):
        """Return what the last line asks for; of the faces in a question, pick those that have the words."""
        lines = self.lines()
        asked = next((self.picks[line] for line in reversed(lines) if line in self.picks), None)
        if asked is not None and lines[-1].startswith("someone, ") and asked in lines[-1]:
            return [Command.TELL]
        return [command for words, command in self.does.items() if words.replace("_", " ") in lines[-1]]

    def lines(self):
        """Return what was said."""
        return [line.removeprefix("says: ") for line in self.heard.getvalue().splitlines()] or [""]

    def feel(self, name, side):
        """Keep what is felt."""
        self.felt.append((name, side))

    def close(self):
        """Do nothing."""


EXAMPLES = [
    "someone is there",
    "nobody there now",
    "looks angry",
    "looks happy",
    "looks sad",
    "looks surprised",
    "maybe looks at you",
    "looks to your left",
    "looks to your right",
    "nods",
    "shakes their head",
    "battery at, 20, percent",
    "battery low",
    "battery empty, switching off",
    "somebody looks through the camera",
    "nobody looks through the camera any more",
]


def pupil(**sections):
    """Return a pupil with these sections of the settings."""
    return Pupil(replace(Settings(), **sections), Announcer(AnnouncerSettings()), CLASSIFIER.bounds)


def test_a_pupil_who_listens_gets_everything_right():
    """Each thing is heard in its order, each press is understood, and the right faces are picked out."""
    learner = Learner(
        press_once=Command.TELL,
        press_twice=Command.REPEAT,
        press_three=Command.NEXT_MODE,
        press_four=Command.INTRODUCE,
        hold_the_button=Command.STATUS,
        press_and_hold=Command.GUIDE,
        picks={
            "press when someone looks happy": "looks happy",
            "press when someone looks at you": "looks at you",
        },
    )
    assert learner.practice.run(pupil(), CLASSIFIER) == 7
    assert learner.lines()[-1] == "7, right answers, of, 7, the end"
    assert "practice" in learner.lines()[0]
    assert "not yet" not in learner.heard.getvalue()
    presses = learner.lines().index("press once, and I tell what I see")
    assert [line for line in learner.lines()[:presses] if line in EXAMPLES] == EXAMPLES
    assert [name for name, _ in learner.felt] == ["found", "lost", "angry", "happy", "sad", "surprise", "at_you"]


def test_a_pupil_whose_headset_says_movements_learns_these():
    """Movements are heard in the place of the emotions, and no question names an emotion."""
    learner = Learner(picks={"press when someone looks at you": "looks at you"})
    announcer = Announcer(AnnouncerSettings(words="movements"), movements=MOVEMENTS)
    listens = replace(pupil(), announcer=announcer)
    assert learner.practice.run(listens, MovingClassifier(shipped_model())) == 3
    lines = [line for line in learner.lines() if not line.startswith("tone: ")]
    faces = lines.index("who is there, and how they look")
    assert lines[faces + 1 : faces + 8] == [
        "someone is there",
        "nobody there now",
        "smiles",
        "frowns",
        "raises their brows",
        "mouth open",
        "face seems at rest",
    ]
    assert [name for name, _ in learner.felt] == ["found", "lost", "happy", "angry", "surprise", "mouth_open", "at_you"]
    assert not [line for line in lines if "happy" in line]


def test_a_pupil_who_does_nothing_is_asked_again_and_then_told():
    """Each press is asked for three times, and the lesson ends within ten minutes."""
    learner = Learner()
    assert learner.practice.run(pupil(), CLASSIFIER) == 4
    assert learner.lines().count("press once, and I tell what I see") == 3
    assert learner.clock.now() < 600


def test_it_can_be_left_at_any_time():
    """The command to stop ends the lesson."""
    learner = Learner(practice=Command.STOP)
    with pytest.raises(Stopped):
        learner.practice.run(pupil(), CLASSIFIER)


@pytest.mark.parametrize(
    ("sections", "named"),
    [
        ({}, set()),
        ({"light": LightSettings(gpio=23)}, {"practice.light"}),
        ({"haptics": HapticsSettings(middle_gpio=25)}, {"practice.felt"}),
    ],
)
def test_the_light_and_the_motors_are_taught_where_they_are(sections, named):
    """A headset without a light or motors does not speak of them."""
    there = {topic.named for topic in TOPICS if topic.is_there(pupil(**sections))}
    assert there & {"practice.light", "practice.felt"} == named


def test_every_thing_that_is_taught_has_its_words():
    """Each topic, its examples and each question are phrases."""
    known = Phrases.load("en").all()
    for topic in TOPICS:
        for example in topic.examples(pupil()):
            assert all(part in known or part.startswith(NUMBER) for part in example.parts)
    assert {topic.named for topic in TOPICS} | {each.question for each in ROUNDS} <= set(known)


@pytest.mark.parametrize(("shown", "said"), [("happy", "movement.smile"), ("neutral", "movement.none")])
def test_an_answer_in_the_lesson_names_movements(shown, said):
    """Where the headset says movements, so does the lesson."""
    announcer = Announcer(AnnouncerSettings(words="movements"), movements=MOVEMENTS)
    assert answer_to(announcer, MovingClassifier(shipped_model()), shown)[-1] == said


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("happy", ("attention.at_you", "plain.happy")),
        ("surprise", ("attention.at_you", "plain.surprise")),
        ("neutral+left", ("attention.left",)),
        ("neutral+right", ("attention.right",)),
    ],
)
def test_the_drawn_faces_are_judged_by_the_real_model(shown, words):
    """The answers in the lesson come from the shipped networks, which measure and classify the drawn faces."""
    parts = answer_to(Announcer(), CLASSIFIER, shown)
    assert [part for part in parts if part in words] == list(words)
