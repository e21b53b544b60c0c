"""An announcement: what is to be said, as keys of phrases, and how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from assistant.emotion.movements import Movement
from assistant.emotions import Emotion
from assistant.speech.tones import Tone

PhraseKeys = tuple[str, ...]
"""Keys of phrases, which are said one after the other; `number.N` is the number N."""


class Priority(IntEnum):
    """How urgent an announcement is: a higher priority may cut off a lower one."""

    ATTENTION = 0
    HEAD = 1
    EMOTION = 2
    PRESENCE = 3
    ANSWER = 4
    FAULT = 5


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to say; an announcement without phrases is its tone alone."""

    parts: PhraseKeys
    priority: Priority
    subject: str = ""
    """What the announcement is about: it replaces a waiting announcement of the same priority and subject."""
    shown: Emotion | Movement | None = None
    """The emotion or movement that is said without being asked for; None for every other announcement."""
    tone: Tone | None = None
    """The tone before the words, which sounds where the settings switch tones on."""
    is_tone_wanted: bool = False
    """Whether the tone sounds even where tones are off, because another setting asks for this one."""

    @property
    def topic(self) -> object:
        """What must not be repeated soon: the emotion or movement, wherever the face is, or else the phrases."""
        return self.shown or self.parts

    @classmethod
    def answering(cls, parts: PhraseKeys) -> Announcement:
        """Return the answer to a press, a key or a request."""
        return cls(parts, Priority.ANSWER)
