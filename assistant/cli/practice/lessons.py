"""`assistant practice`: teaches what the headset says and what the presses do, without a helper.

`topics.py` lists what is heard, `exercises` the presses, `rounds.py` the questions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.app.configuration.pins import refuse_equal_pins
from assistant.app.configuration.settings import Settings
from assistant.camera.drivers.clocks import MonotonicClock
from assistant.cli.practice.rounds import Round, answer_to, rounds_for
from assistant.cli.practice.topics import TOPICS, Pupil, Topic
from assistant.controls.build import WantedControls, build_controls
from assistant.controls.commands import Command, Request
from assistant.controls.gestures import ControlPanel
from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.position import Direction, Placement
from assistant.frame import Clock
from assistant.networks.shipped import shipped_model
from assistant.outputs.build import build_haptics
from assistant.outputs.haptics import Haptics, NoHaptics
from assistant.speech.announcement import Announcement, PhraseKeys
from assistant.speech.announcer import Announcer
from assistant.speech.build import build_speaker, load_phrases
from assistant.speech.guiding.cue import OCTAVE_DEG, SIDE_DEG, cue_for
from assistant.speech.guiding.settings import GuidingSettings
from assistant.speech.phrases import Phrases
from assistant.speech.sentences import INTRODUCTION, number
from assistant.speech.speaker import Speaker
from assistant.speech.tones import Tone

TURN_S = 0.02
PATIENCE_S = 20.0
"""The practice waits this many seconds for the right press before it asks once more."""

ATTEMPTS = 3
ANSWER_S = 4.0
LED_S = 5.0
"""The sound that leads to a face is heard for this time."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A press to learn: how it is asked for, the command it gives, and what is said then."""

    asked: str
    command: Command
    answer: PhraseKeys


class Stopped(Exception):  # noqa: N818 - the person's wish, no error
    """The person has had enough."""


class Practice:
    """Speaks, listens, and speaks again."""

    def __init__(  # noqa: PLR0913 - what it joins
        self,
        speaker: Speaker,
        phrases: Phrases,
        panel: ControlPanel,
        clock: Clock,
        haptics: Haptics = NoHaptics(),
        *,
        guiding: GuidingSettings = GuidingSettings(),
    ) -> None:
        """`haptics` lets the person feel each rhythm with its phrase; `guiding` is how the sound leads to a face."""
        self._guiding = guiding
        self._haptics = haptics
        self._speaker = speaker
        self._phrases = phrases
        self._panel = panel
        self._clock = clock

    def run(self, pupil: Pupil, classifier: EmotionClassifier) -> int:
        """Run the whole practice; return how many questions were answered correctly."""
        self._say(("practice.welcome", "practice.keys"))
        for topic in TOPICS:
            if topic.is_there(pupil):
                self._present(topic, pupil)
        rounds = rounds_for(pupil.announcer)
        shown = dict.fromkeys(each for round_ in rounds for each in round_.shown)
        answers = {each: answer_to(pupil.announcer, classifier, each) for each in shown}
        for exercise in exercises(answers[rounds[0].right]):
            self._teach(exercise)
        self._lead()
        right = sum(self._asks(round_, each, answers[each]) for round_ in rounds for each in round_.shown)
        asked = sum(len(round_.shown) for round_ in rounds)
        self._say((number(right), "practice.points", number(asked), "practice.end"))
        return right

    def _present(self, topic: Topic, pupil: Pupil) -> None:
        self._say((topic.named,))
        for example in topic.examples(pupil):
            if example.tone is not None:
                self._haptics.feel(str(example.tone), str(Direction.AHEAD))
            self._say(example.parts, example.tone)

    def _teach(self, exercise: Exercise) -> None:
        for _ in range(ATTEMPTS):
            self._say((exercise.asked,))
            if self._waits_for(exercise.command):
                self._say(("practice.right",))
                break
            self._say(("practice.again",))
        self._say(exercise.answer)

    def _lead(self) -> None:
        """Play the sound that leads to a face, while the face comes to the middle, from below on the left."""
        begun_s = self._clock.now()
        while (share := (self._clock.now() - begun_s) / LED_S) < 1:
            place = Placement(Direction.LEFT, 1.0, SIDE_DEG * (share - 1), OCTAVE_DEG * (share - 1) / 2)
            self._speaker.guide(cue_for(place, stereo=self._guiding.stereo, height=self._guiding.height))
            self._commands()
            self._clock.wait(TURN_S)
        self._speaker.guide(None)
        self._say(("guiding.centred",))

    def _waits_for(self, command: Command) -> bool:
        until_s = self._clock.now() + PATIENCE_S
        while self._clock.now() < until_s:
            if command in self._commands():
                return True
            self._clock.wait(TURN_S)
        return False

    def _asks(self, round_: Round, shown: str, answer: PhraseKeys) -> bool:
        """Say what a face shows; return whether a press came when it should, and none when it should not."""
        self._say((round_.question,))
        self._say(answer)
        pressed, until_s = False, self._clock.now() + ANSWER_S
        while not pressed and self._clock.now() < until_s:
            pressed = Command.TELL in self._commands()
            self._clock.wait(TURN_S)
        right = pressed == (shown == round_.right)
        self._say(("practice.right",) if right else ("practice.again",))
        return right

    def _say(self, parts: PhraseKeys, tone: Tone | None = None) -> None:
        """Say a phrase to its end; presses before that are ignored."""
        texts = self._phrases.texts(Announcement.answering(parts))
        self._speaker.say(texts, tone)
        while self._speaker.is_speaking():
            self._commands()
            self._clock.wait(TURN_S)
        changes = self._speaker.take_changes()
        if changes and changes[-1].error is not None:
            raise changes[-1].error

    def _commands(self) -> list[Command]:
        commands = [
            each.command if isinstance(each, Request) else each
            for each in self._panel.take(self._clock.now(), speaking=False)
        ]
        if Command.STOP in commands:
            raise Stopped
        return commands


def exercises(answer: PhraseKeys) -> Sequence[Exercise]:
    """Return the presses to learn."""
    return (
        Exercise("practice.one", Command.TELL, answer),
        Exercise("practice.two", Command.REPEAT, answer),
        Exercise("practice.three", Command.NEXT_MODE, ("mode.ask",)),
        Exercise("practice.four", Command.INTRODUCE, INTRODUCTION),
        Exercise("practice.hold", Command.STATUS, ("status.no_faults",)),
        Exercise("practice.guide", Command.GUIDE, ("guiding.on",)),
    )


def build_practice(voice: str, settings: Settings, config: Path | None) -> int:
    """Practise with the keys of the terminal, and the button and remote when there are any; return the exit code."""
    refuse_equal_pins(settings)
    clock = MonotonicClock()
    phrases = load_phrases(settings.voice, config)
    classifier = TFLiteClassifier(shipped_model())
    remarks: list[str] = []
    with ExitStack() as closing:
        speaker = build_speaker(voice, settings.voice, phrases, clock, printed=sys.stdout, remarks=remarks)
        closing.callback(speaker.close, finish=False)
        for remark in remarks:
            print(remark, file=sys.stderr)
        controls = build_controls(WantedControls(settings.button, settings.remote, keys=True), clock, remarks)
        haptics = build_haptics(settings.haptics)
        closing.callback(haptics.close)
        panel = ControlPanel(controls, settings.gestures)
        closing.callback(panel.close)
        announcer = Announcer(settings.announce, movements=classifier.movements)
        pupil = Pupil(settings, announcer, classifier.bounds)
        with suppress(Stopped):
            Practice(speaker, phrases, panel, clock, haptics, guiding=settings.guiding).run(pupil, classifier)
    return 0
