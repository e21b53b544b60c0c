"""What the practice asks: rounds of drawn faces, of which the wearer picks out those that a question names.

The real detector, network, debouncer and announcer make the answers from the drawn faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.app.configuration.settings import Settings
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.emotion.build import build_perception
from assistant.emotion.debouncing.debounce import Debouncer
from assistant.emotion.debouncing.transitions import State
from assistant.emotion.movement_watch import MovementWatch
from assistant.emotion.observation import EmotionClassifier, Observation
from assistant.face.attention import AttentionWatch
from assistant.speech.announcement import PhraseKeys
from assistant.speech.announcer import Announcer

SHOWN_S = 4.0


@dataclass(frozen=True, slots=True)
class Round:
    """A question, and the faces that are shown; they are words of the simulated camera."""

    question: str
    shown: Sequence[str]
    right: str
    """The face at which the wearer should press."""
    is_of_emotions: bool = False
    """Whether the question names an emotion, which is not said where movements are."""


ROUNDS: Sequence[Round] = (
    Round("practice.question", ("happy", "surprise", "neutral", "happy"), right="happy", is_of_emotions=True),
    Round("practice.question_looks", ("neutral+left", "neutral", "neutral+right"), right="neutral"),
)
"""The network classifies these faces as they were meant."""


def rounds_for(announcer: Announcer) -> Sequence[Round]:
    """Return the rounds whose questions the answers of this announcer can answer."""
    return [each for each in ROUNDS if not (each.is_of_emotions and announcer.says_movements)]


def answer_to(announcer: Announcer, classifier: EmotionClassifier, shown: str) -> PhraseKeys:
    """Return the answer to a press while the simulated camera shows a face for `SHOWN_S`."""
    settings = Settings()
    perception = build_perception(settings, classifier)
    debouncer = Debouncer(settings.debounce, classifier.bounds)
    attention, movements = AttentionWatch(), MovementWatch()
    observation = Observation(None)
    source = SimulatedSource(f"{shown} {SHOWN_S:g}")
    source.open()
    while (frame := source.grab()) is not None:
        observation = perception.perceive(frame.gray, frame.t_s)
        debouncer.update(frame.t_s, observation)
        face = None if debouncer.state is State.ARRIVING else observation.face
        movements.update(frame.t_s, observation.track_id, face)
        attention.update(frame.t_s, observation.track_id, None if face is None else face.clear_pose)
    source.close()
    return announcer.answer(observation, debouncer.impression, attention.held, movements.shown).parts
