"""The cases that every speaker passes."""

import sys
from dataclasses import replace

import pytest

from assistant.camera.drivers.clocks import RecordingClock
from assistant.speech.drivers.engine import VoiceChoice
from assistant.speech.drivers.speakers import PrintSpeaker, ReckonedSpeaker, aloud, speech_length_s
from assistant.speech.tones import Tone
from tests.fakes.recording_device import RecordingDevice
from tests.running.watching import changes, children

ESPEAK = VoiceChoice(engine="espeak-ng")


@pytest.fixture(params=["print", "aloud", "aloud, sleeping", "fast"])
def speaker(request, tmp_path, monkeypatch):
    """Yield each kind of speaker."""
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "cache"))
    RecordingDevice(tmp_path, monkeypatch)
    if request.param == "print":
        made = ReckonedSpeaker(PrintSpeaker(sys.stdout), RecordingClock(), 175)
    elif request.param == "fast":
        made = ReckonedSpeaker(aloud(ESPEAK, keep_all=True), RecordingClock(), 175)
    else:
        made = aloud(replace(ESPEAK, stays_open="sleeping" not in request.param))
    yield made
    made.close(finish=False)


def test_it_speaks_from_when_it_is_told_to(speaker):
    """`say` returns at once, and the speaker counts as speaking from then on."""
    assert not speaker.is_speaking()
    speaker.say(["someone", "looks happy"])
    assert speaker.is_speaking()


def test_it_speaks_when_there_is_a_tone_alone(speaker):
    """A tone without words counts as speaking."""
    speaker.say([], Tone.FOUND)
    assert speaker.is_speaking()


def test_it_is_silent_from_when_it_is_told_to_be(speaker):
    """A silenced speaker is not speaking, and speaks again afterwards."""
    speaker.silence()
    speaker.say(["looks happy"])
    speaker.silence()
    assert not speaker.is_speaking()
    speaker.say(["looks sad"])
    assert speaker.is_speaking()


def test_it_is_heard_however_loud(speaker):
    """The volume may change at any moment without a failure."""
    for volume in (0.0, 0.5, 1.0):
        speaker.say(["looks happy"], Tone.HAPPY)
        speaker.set_volume(volume)
    assert changes(speaker) == []


@pytest.mark.parametrize("finish", [True, False])
def test_it_is_ended_more_than_once(speaker, finish):
    """A second close does nothing, and no process is left."""
    speaker.say(["looks happy"])
    speaker.close(finish=finish)
    speaker.close(finish=False)
    assert changes(speaker) == []
    assert not children("aplay")


def test_print_lasts_as_long_as_speech_would(capsys):
    """The printed phrase counts as speaking for the time of its words and its tone."""
    clock = RecordingClock()
    speaker = ReckonedSpeaker(PrintSpeaker(sys.stdout), clock, 175)
    speaker.say(["someone", "looks happy"], Tone.HAPPY)
    assert capsys.readouterr().out == "tone: happy\nsays: someone, looks happy\n"
    clock.wait(speech_length_s("someone, looks happy", 175) + 0.21)
    assert speaker.is_speaking()
    clock.wait(0.02)
    assert not speaker.is_speaking()
