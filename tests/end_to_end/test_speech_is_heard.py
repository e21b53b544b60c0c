"""The sound that was played is recognised by pocketsphinx, among all phrases and decoys."""

import threading

import numpy as np
import pytest

from assistant.speech.drivers.engine import VoiceChoice, render
from assistant.speech.drivers.espeak.espeak_ng import EspeakNg
from assistant.speech.drivers.speakers import aloud
from assistant.speech.phrases import Phrases
from assistant.speech.tones import Tone
from tests.fakes.ear import DECOYS, VOICE, as_words, phrases_in, recognise
from tests.fakes.recording_device import CHECKED, RATE_HZ, RecordingDevice, Samples
from tests.running.watching import changes

pytest.importorskip("pocketsphinx")


def spoken(text: str) -> Samples:
    """Return the sound of a text, as espeak-ng makes it for the headset."""
    return render(EspeakNg(VOICE, 175), text, threading.Event())


@pytest.fixture
def device(tmp_path, monkeypatch) -> RecordingDevice:
    """Return the sound device; the phrases are rendered anew."""
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "cache"))
    return RecordingDevice(tmp_path, monkeypatch)


def test_a_smile_is_heard(assistant, device, tmp_path):
    """The recognised words of a run with drawn faces are those of its events."""
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[voice]\nname = "{VOICE}"\n', encoding="utf-8")
    told = ("--camera", "simulated:happy 4, surprise 4", "--config", settings, "--events", "-")
    ran = assistant("run", "--fast", "--voice", "auto", *told)
    assert ran.code == 0
    heard = [recognise(sound) for sound in phrases_in(np.concatenate(device.played(CHECKED + 1)))]
    assert heard[-2:] == ran.said()[-2:] == ["looks happy", "looks surprised"]


def test_a_look_is_heard(assistant, device, tmp_path):
    """With the setting for words, a look at the wearer and, in the mode `full`, a look aside are recognised."""
    settings = tmp_path / "settings.toml"
    announce = 'attention = "words"\nmode = "full"'
    settings.write_text(f'[voice]\nname = "{VOICE}"\n[announce]\n{announce}\n', encoding="utf-8")
    told = ("--camera", "simulated:neutral 4, neutral+left 5", "--config", settings, "--events", "-")
    ran = assistant("run", "--fast", "--voice", "auto", *told)
    assert ran.code == 0
    heard = [recognise(sound) for sound in phrases_in(np.concatenate(device.played(CHECKED + 1)))]
    looks = ["maybe looks at you", "looks to your left"]
    assert heard[-2:] == looks
    assert [text for text in ran.said() if text in looks] == looks


@pytest.mark.parametrize("engine", ["pyttsx3", "espeak-ng"])
def test_a_sentence_of_parts_is_heard_in_one_go(device, engine):
    """A tone and its parts sound on a device that is opened once, and their beginning is not lost."""
    speaker = aloud(VoiceChoice(engine=engine, voice_name=VOICE), keep_all=True)
    speaker.say(["someone", "on your left", "looks happy"], Tone.FOUND)
    speaker.say(["maybe angry"])
    speaker.close(finish=True)
    assert changes(speaker) == []
    (recording,) = device.played()
    assert np.flatnonzero(recording)[0] >= 0.4 * RATE_HZ
    heard = [recognise(sound) for sound in phrases_in(recording)]
    assert heard[-3:] == ["on your left", "looks happy", "maybe angry"]


def test_every_phrase_is_understood():
    """Each phrase and each decoy is recognised among all of them."""
    texts = [as_words(text) for text in (*Phrases.load("en").all().values(), *DECOYS)]
    heard = {text: recognise(spoken(text)) for text in texts}
    assert {text: as_heard for text, as_heard in heard.items() if as_heard != text} == {}


@pytest.mark.parametrize("text", ["looks angry", "it is raining", "seven o'clock", "looks hungry"])
def test_the_wrong_sound_fails(text):
    """The sound of another phrase is not recognised as "looks happy"."""
    assert recognise(spoken(text)) != "looks happy"
