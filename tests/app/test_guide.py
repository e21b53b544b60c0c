"""The sound that leads to the face, joined with the voice: its events, its words, modes and muting."""

import pytest

from assistant.app.events import EventHub
from assistant.app.guide import Guide
from assistant.camera.drivers.clocks import RecordingClock
from assistant.controls.commands import Mode
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.face.position import placement
from assistant.geometry import BoundingBox
from assistant.speech.announcement import Announcement
from assistant.speech.announcer import Announcer
from assistant.speech.guiding.cue import NOBODY
from assistant.speech.guiding.settings import GuidingSettings
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController
from tests.fakes.event_listeners import KeptEvents
from tests.fakes.speakers import TimedSpeaker

TURN_S = 0.125
LEFT, MIDDLE = (BoundingBox(x, 190, 100, 100) for x in (50, 270))


class Wearer:
    """Hears a headset on a clock that only passes when the test moves it."""

    def __init__(self, settings=GuidingSettings()):
        self.clock, self.kept, self.announcer = RecordingClock(), KeptEvents(), Announcer()
        self.speaker = TimedSpeaker(self.clock)
        events = EventHub([self.kept])
        self.voice = VoiceController(
            SpeechQueue(), Phrases.load("en"), self.speaker, events, lambda announcement, now: None
        )
        self.guide = Guide(self.voice, self.announcer, events, settings)

    def asks(self):
        """Ask for the sound, or for its end."""
        self.voice.enqueue(Announcement.answering(self.guide.ask(self.clock.now())), self.clock.now())

    def sees(self, box, seconds=1.0):
        """See a face in this box for some time, or nobody."""
        for _ in range(round(seconds / TURN_S)):
            now = self.clock.now()
            face = None if box is None else ClassifiedFace(box, None, None)
            place = None if box is None else placement(box, (640, 480), 52.0)
            self.guide.observe(Observation(face, None if box is None else 1, 1, place), now, is_certain=True)
            self.guide.step(now)
            self.voice.step(now)
            self.clock.wait(TURN_S)

    def told(self):
        """Return what the events say about the sound."""
        return [event.fields["guiding"] for event in self.kept.events if event.kind == "guiding"]


def test_it_leads_and_says_that_the_face_is_in_the_middle():
    """Asked for, the sound comes from the left, is silent in the middle, and ends with words."""
    wearer = Wearer()
    wearer.sees(LEFT)
    wearer.asks()
    wearer.sees(LEFT)
    assert wearer.speaker.cue.pan < -0.5
    wearer.sees(MIDDLE, 3.0)
    assert wearer.speaker.cue is None
    assert wearer.speaker.said == ["follow the sound", "the face is in the middle"]
    assert wearer.told() == ["asked", "centred"]


def test_asked_again_it_ends():
    """The second request ends the sound, and says so."""
    wearer = Wearer()
    wearer.sees(None)
    wearer.asks()
    wearer.sees(None)
    assert wearer.speaker.cue == NOBODY
    wearer.asks()
    wearer.sees(None)
    assert wearer.speaker.cue is None
    assert wearer.speaker.said == ["follow the sound", "I see nobody", "I stop guiding"]
    assert wearer.told() == ["asked", "stopped"]


def test_without_a_picture_it_says_so():
    """Where no frame has come, the headset does not say that nobody is there, and plays nothing."""
    wearer = Wearer()
    wearer.asks()
    wearer.guide.step(wearer.clock.now())
    assert wearer.speaker.cue is None
    wearer.voice.step(wearer.clock.now())
    assert wearer.speaker.said == ["follow the sound", "no picture from the camera"]


def test_it_ends_in_any_case():
    """After its longest time the sound ends with words, although the face is beside the middle."""
    wearer = Wearer(GuidingSettings(longest_s=5.0))
    wearer.asks()
    wearer.sees(LEFT, 8.0)
    assert wearer.speaker.cue is None
    assert wearer.speaker.said[-1] == "I stop guiding"
    assert wearer.told() == ["asked", "longest"]


def test_asked_for_it_leads_while_muted():
    """Muted, the wearer still hears what they ask for: the sound and its words."""
    wearer = Wearer()
    wearer.voice.muted = True
    wearer.asks()
    wearer.sees(LEFT)
    assert wearer.speaker.cue.pan < -0.5
    wearer.sees(MIDDLE, 3.0)
    assert wearer.speaker.said[-1] == "the face is in the middle"


@pytest.mark.parametrize(("mode", "muted", "leads"), [("changes", 0, 1), ("full", 0, 1), ("ask", 0, 0), ("full", 1, 0)])
def test_unasked_it_keeps_to_the_mode(mode, muted, leads):
    """With the setting the sound begins by itself and without words, but not in the mode `ask` and not while muted."""
    wearer = Wearer(GuidingSettings(always=True))
    wearer.announcer.mode, wearer.voice.muted = Mode(mode), bool(muted)
    wearer.sees(LEFT, 2.0)
    assert (wearer.speaker.cue is not None) == bool(leads)
    wearer.sees(MIDDLE, 3.0)
    assert wearer.speaker.cue is None
    assert wearer.speaker.said == []
    assert wearer.told() == ["unasked", "centred"] * leads


def test_another_speaker_leads_too():
    """A voice that is exchanged goes on with the sound."""
    wearer = Wearer()
    wearer.asks()
    wearer.sees(LEFT)
    new = TimedSpeaker(wearer.clock)
    wearer.voice.change_voice(new, wearer.voice.phrases, volume=1.0, tones=False)
    assert new.cue == wearer.speaker.cue is not None
