"""The exchange of the voice: a sound card that our own speaker keeps busy is free before a new device is tried."""

import shutil
from dataclasses import replace

import pytest

from assistant.app.events import EventHub
from assistant.camera.drivers.clocks import RecordingClock
from assistant.errors import SpeechError
from assistant.speech.exchange import VoiceExchange
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.settings import VoiceSettings
from assistant.speech.voice import VoiceController
from tests.fakes.speakers import TimedSpeaker

pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")

SETTINGS = VoiceSettings(engine="espeak-ng")


class HoldingSpeaker(TimedSpeaker):
    """A speaker that has the sound card from the moment that it is built until it is closed."""

    def __init__(self, card):
        super().__init__(RecordingClock())
        self._held = card.take()

    def close(self, *, finish):
        """Free the card."""
        super().close(finish=finish)
        self._held.close()


class Bench:
    """A voice that speaks on an exclusive card, and its exchange."""

    def __init__(self, card):
        self.card, self.built, self.failing = card, [], []
        phrases = Phrases.load("en")
        speaker = HoldingSpeaker(card)
        self.voice = VoiceController(SpeechQueue(), phrases, speaker, EventHub(), lambda *_: None)
        self.exchange = VoiceExchange(self.voice, SETTINGS, None, build=self.build)

    def build(self, choice, phrases):
        """Build a speaker; raise the next error of those that are to come, if there is one."""
        assert not self.card.is_taken(), "the speaker before still has the card"
        error = self.failing.pop(0) if self.failing else None
        if error is not None:
            raise error
        self.built.append((choice.device, phrases.voice.espeak))
        return HoldingSpeaker(self.card)


@pytest.fixture
def bench(card):
    """Yield a voice that speaks and holds the card."""
    bench = Bench(card)
    assert card.is_taken()
    yield bench
    bench.voice.speaker.close(finish=False)


def test_a_new_device_is_tried_on_the_card_that_the_old_speaker_had(bench):
    """Another name of the same card can be opened, since the old speaker is closed first."""
    old = bench.voice.speaker
    bench.exchange.change(replace(SETTINGS, device="plughw:CARD=one"))
    assert (old.closed, bench.voice.speaker.closed) == ([False], [])
    assert [device for device, _ in bench.built] == ["plughw:CARD=one"]
    assert bench.card.is_taken()


def test_a_device_that_does_not_exist_gives_the_old_voice_back(bench):
    """The error names the device; a speaker with the old device, language and volume is built again."""
    bench.voice.change_volume(-3)
    old = bench.voice.speaker
    with pytest.raises(SpeechError, match="sound device 'nowhere'"):
        bench.exchange.change(replace(SETTINGS, device="nowhere", language="de", volume=0.2))
    assert old.closed == [False]
    assert bench.voice.speaker is not old
    assert bench.built == [("default", "en")]
    assert (bench.voice.volume, bench.voice.speaker.volume) == (0.7, 0.7)
    assert bench.voice.phrases.all()["hot"] == Phrases.load("en").all()["hot"]


def test_a_card_that_another_program_has_is_busy_and_the_old_voice_stays(bench, card, monkeypatch):
    """The other program takes the card while our speaker is closed; the error says that the device is busy."""
    other = []
    close = bench.voice.speaker.close

    def closed(*, finish):
        close(finish=finish)
        other.append(card.take())

    def build(choice, phrases):
        other.pop().close()  # the other program has ended
        return bench.build(choice, phrases)

    monkeypatch.setattr(bench.voice.speaker, "close", closed)
    exchange = VoiceExchange(bench.voice, SETTINGS, None, build=build)
    with pytest.raises(SpeechError, match="busy"):
        exchange.change(replace(SETTINGS, device="plughw:CARD=one"))
    assert [device for device, _ in bench.built] == ["default"]
    assert card.is_taken()


def test_a_speaker_that_cannot_be_built_gives_the_old_voice_back(bench):
    """The error is raised, and the same change can be tried again."""
    bench.failing = [SpeechError("espeak-ng does not answer")]
    new = replace(SETTINGS, rate_wpm=250)
    with pytest.raises(SpeechError, match="does not answer"):
        bench.exchange.change(new)
    assert len(bench.built) == 1
    bench.exchange.change(new)
    assert len(bench.built) == 2
    assert bench.card.is_taken()


def test_a_device_that_did_not_change_is_not_tried_again(bench):
    """Another rate needs another speaker, which opens the device itself: no sound is played to try the device."""
    played_s = bench.card.played_s()
    bench.exchange.change(replace(SETTINGS, rate_wpm=250))
    assert [device for device, _ in bench.built] == ["default"]
    assert bench.card.played_s() == played_s


@pytest.mark.parametrize("changed", [{"volume": 0.5}, {"tones": True}])
def test_volume_and_tones_need_no_other_speaker(bench, changed):
    """The speaker stays open, and the volume counts at once."""
    old = bench.voice.speaker
    bench.exchange.change(replace(SETTINGS, **changed))
    assert (bench.voice.speaker, old.closed, bench.built) == (old, [], [])
    assert old.volume == changed.get("volume", 1.0)


@pytest.mark.parametrize(("device", "works"), [("plughw:CARD=one", True), ("nowhere", False)])
def test_a_device_is_tried_with_our_own_speaker_closed(bench, device, works):
    """A trial changes no setting: afterwards a speaker with the old device holds the card again."""
    old = bench.voice.speaker
    if works:
        bench.exchange.try_device(device)
    else:
        with pytest.raises(SpeechError, match="sound device 'nowhere'"):
            bench.exchange.try_device(device)
    assert old.closed == [False]
    assert [device for device, _ in bench.built] == ["default"]
    assert bench.card.is_taken()


def test_a_voice_that_is_printed_tries_the_device_alone(card):
    """Without a way to build a speaker, the speaker stays open while the device is tried."""
    speaker = TimedSpeaker(RecordingClock())
    voice = VoiceController(SpeechQueue(), Phrases.load("en"), speaker, EventHub(), lambda *_: None)
    exchange = VoiceExchange(voice, SETTINGS, None)
    exchange.try_device("plughw:CARD=one")
    with pytest.raises(SpeechError, match="sound device 'nowhere'"):
        exchange.try_device("nowhere")
    with card.take(), pytest.raises(SpeechError, match="busy"):
        exchange.try_device("plughw:CARD=one")
    assert (voice.speaker, speaker.closed) == (speaker, [])
