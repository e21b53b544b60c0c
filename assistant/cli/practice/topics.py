"""What the practice lets the wearer hear, in this order: one line of `TOPICS` for each thing that the headset says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.app.configuration.settings import Settings
from assistant.emotion.bounds import Bounds
from assistant.emotions import Emotion
from assistant.face.attention import Attention
from assistant.face.nods import HeadGesture
from assistant.speech.announcement import PhraseKeys
from assistant.speech.announcer import TONES, Announcer
from assistant.speech.sentences import Wording, attending, battery_at, head_phrase, showing
from assistant.speech.tones import Tone


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase as the headset says it, after its tone; where there are motors, the tone's rhythm is felt with it."""

    parts: PhraseKeys
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Pupil:
    """What the lesson depends on: the wearer's settings, and what the network is sure enough to say."""

    settings: Settings
    announcer: Announcer
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to learn: the phrase that names it, its examples, and whether this wearer's headset has it."""

    named: str
    examples: Callable[[Pupil], Sequence[Example]] = lambda _: ()
    is_there: Callable[[Pupil], bool] = lambda _: True


def _people(pupil: Pupil) -> Sequence[Example]:
    """Return who comes and goes, and the emotions or movements that are said unasked."""
    shown = _movements(pupil) if pupil.announcer.says_movements else _emotions(pupil)
    return [Example(("arrived",), Tone.FOUND), Example(("gone",), Tone.LOST), *shown]


def _emotions(pupil: Pupil) -> Iterator[Example]:
    for emotion in Emotion:
        wording = pupil.announcer.wording(emotion, is_sure=pupil.bounds.plainly_from(emotion) is not None)
        if wording is not Wording.OFF and pupil.bounds.maybe_from(emotion) is not None:
            yield Example((f"{wording}.{emotion}",), Tone(str(emotion)))


def _movements(pupil: Pupil) -> Iterator[Example]:
    for movement in pupil.announcer.movements:
        yield Example(showing((movement,)), TONES[movement])
    yield Example(showing(()))


def _looks(_: Pupil) -> Sequence[Example]:
    return [
        Example(attending(Attention.AT_YOU), Tone.AT_YOU),
        Example(attending(Attention.LEFT)),
        Example(attending(Attention.RIGHT)),
    ]


def _battery(pupil: Pupil) -> Sequence[Example]:
    return [
        Example(battery_at(pupil.settings.battery.low_percent)),
        Example(("battery_low",)),
        Example(("battery_empty",)),
    ]


TOPICS: Sequence[Topic] = (
    Topic("practice.what"),
    Topic("practice.felt", is_there=lambda pupil: bool(pupil.settings.haptics.gpios())),
    Topic("practice.faces", _people),
    Topic("practice.looks", _looks),
    Topic("practice.head", lambda _: [Example((head_phrase(gesture),)) for gesture in HeadGesture]),
    Topic("practice.battery", _battery),
    Topic("practice.page", lambda _: [Example(("watched",)), Example(("unwatched",))]),
    Topic("practice.light", is_there=lambda pupil: pupil.settings.light.gpio >= 0),
)
"""The order is that in which a new wearer meets these things."""
