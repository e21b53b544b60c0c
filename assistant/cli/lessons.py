"""`assistant practice`: what the headset says, what the presses do, and a few questions, for learning without a helper.

What is said of the drawn faces is what the real detector, model and state machine make of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.app.settings import Settings
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.controls.commands import Command, Request
from assistant.controls.gestures import ControlPanel
from assistant.emotion.debounce import Debouncer
from assistant.emotion.observation import EmotionClassifier, Observation
from assistant.emotion.perception import Perception
from assistant.emotions import Emotion
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.frame import Clock
from assistant.speech.announcer import Announcement, Announcer
from assistant.speech.phrases import Phrases
from assistant.speech.sentences import PhraseKeys, Wording, number
from assistant.speech.speaker import Speaker
from assistant.speech.tones import Tone

TURN_S = 0.02
PATIENCE_S = 20.0
"""So long is waited for the right press, before it is asked for once more."""

ATTEMPTS = 3
ANSWER_S = 4.0
SHOWN_S = 4.0
QUESTIONS = (Emotion.HAPPY, Emotion.SURPRISE, Emotion.NEUTRAL, Emotion.HAPPY)
"""Faces that are drawn so that the model knows them."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A press that is learned: how it is asked for, what it means, and what follows."""

    asked: str
    command: Command
    answer: PhraseKeys


class Stopped(Exception):  # noqa: N818 - the person's wish, no error
    """The person has had enough."""


class Practice:
    """Speaks, listens, and speaks again."""

    def __init__(self, speaker: Speaker, phrases: Phrases, panel: ControlPanel, clock: Clock) -> None:
        self._speaker = speaker
        self._phrases = phrases
        self._panel = panel
        self._clock = clock

    def run(self, announcer: Announcer, classifier: EmotionClassifier) -> int:
        """All of it; returns how many questions were answered rightly."""
        self._say(("practice.welcome", "practice.keys", "practice.what"))
        for tone, parts in examples(announcer):
            self._say(parts, tone)
        seen = {emotion: told(announcer, classifier, emotion) for emotion in dict.fromkeys(QUESTIONS)}
        for exercise in exercises(seen[Emotion.HAPPY]):
            self._teach(exercise)
        right = sum(self._asks(emotion, seen[emotion]) for emotion in QUESTIONS)
        self._say((number(right), "practice.points", number(len(QUESTIONS)), "practice.end"))
        return right

    def _teach(self, exercise: Exercise) -> None:
        for _ in range(ATTEMPTS):
            self._say((exercise.asked,))
            if self._waits_for(exercise.command):
                self._say(("practice.right",))
                break
            self._say(("practice.again",))
        self._say(exercise.answer)

    def _waits_for(self, command: Command) -> bool:
        until_s = self._clock.now() + PATIENCE_S
        while self._clock.now() < until_s:
            if command in self._commands():
                return True
            self._clock.wait(TURN_S)
        return False

    def _asks(self, emotion: Emotion, parts: PhraseKeys) -> bool:
        """Tell of a face, and whether a press comes when it should and none when it should not."""
        self._say(("practice.question",))
        self._say(parts)
        pressed, until_s = False, self._clock.now() + ANSWER_S
        while not pressed and self._clock.now() < until_s:
            pressed = Command.TELL in self._commands()
            self._clock.wait(TURN_S)
        right = pressed == (emotion is Emotion.HAPPY)
        self._say(("practice.right",) if right else ("practice.again",))
        return right

    def _say(self, parts: PhraseKeys, tone: Tone | None = None) -> None:
        """Say it to its end; what was pressed before does not count."""
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


def examples(announcer: Announcer) -> Iterator[tuple[Tone, PhraseKeys]]:
    """Each tone with what it stands for: presence, and the emotions that are ever told unasked."""
    yield Tone.FOUND, ("arrived",)
    yield Tone.LOST, ("gone",)
    for emotion in Emotion:
        wording = announcer.wording(emotion)
        if wording is not Wording.OFF:
            yield Tone(str(emotion)), (f"{wording}.{emotion}",)


def exercises(answer: PhraseKeys) -> Sequence[Exercise]:
    """What the button can be asked."""
    return (
        Exercise("practice.one", Command.TELL, answer),
        Exercise("practice.two", Command.REPEAT, answer),
        Exercise("practice.three", Command.NEXT_MODE, ("mode.ask",)),
        Exercise("practice.hold", Command.STATUS, ("status.no_faults",)),
    )


def told(announcer: Announcer, classifier: EmotionClassifier, emotion: Emotion) -> PhraseKeys:
    """What is answered to a press while a drawn face shows this emotion."""
    settings = Settings()
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    perception = Perception(build_detector(), classifier, tracker, ScanSchedule(settings.search))
    debouncer, observation = Debouncer(settings.debounce), Observation(None)
    source = SimulatedSource(f"{emotion} {SHOWN_S:g}")
    source.open()
    while (frame := source.grab()) is not None:
        observation = perception.perceive(frame.gray, frame.t_s)
        debouncer.update(frame.t_s, observation)
    source.close()
    return announcer.answer(observation, debouncer.stable).parts
