"""The controller of the voice: which tones sound."""

import pytest

from assistant.app.events import EventHub
from assistant.camera.drivers.clocks import RecordingClock
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.tones import Tone
from assistant.speech.voice import VoiceController
from tests.fakes.event_listeners import KeptEvents
from tests.fakes.speakers import TimedSpeaker

FOUND = Announcement((), Priority.EMOTION, tone=Tone.FOUND)
AT_YOU = Announcement((), Priority.ATTENTION, tone=Tone.AT_YOU, is_tone_wanted=True)
SMILE = Announcement(("plain.happy",), Priority.EMOTION, tone=Tone.HAPPY)


class ToneSpeaker(TimedSpeaker):
    """A speaker that keeps its tones."""

    def __init__(self, clock):
        super().__init__(clock)
        self.tones = []

    def say(self, texts, tone=None):
        """Keep the tone and begin to say these texts."""
        self.tones.append(tone)
        super().say(texts, tone)


@pytest.mark.parametrize(
    ("tones", "muted", "announcement", "sounds"),
    [
        (False, False, FOUND, []),
        (True, False, FOUND, [Tone.FOUND]),
        (False, False, SMILE, [None]),
        (True, False, SMILE, [Tone.HAPPY]),
        (False, False, AT_YOU, [Tone.AT_YOU]),
        (True, False, AT_YOU, [Tone.AT_YOU]),
        (False, True, AT_YOU, []),
    ],
)
def test_which_tones_sound(tones, muted, announcement, sounds):
    """Tones sound where they are switched on; the tone that a setting of its own asks for sounds unless muted."""
    clock, kept = RecordingClock(), KeptEvents()
    speaker = ToneSpeaker(clock)
    voice = VoiceController(SpeechQueue(), Phrases.load("en"), speaker, EventHub([kept]), lambda *_: None, tones=tones)
    voice.muted = muted
    voice.enqueue(announcement, 0.0)
    voice.step(0.0)
    assert speaker.tones == sounds
