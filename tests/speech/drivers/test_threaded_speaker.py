"""The speaker with its own thread: order, cuts, failures of its parts, and the files that it writes."""

import os
import threading
import wave
from dataclasses import replace

import numpy as np
import pytest

from assistant.errors import SpeechError
from assistant.speech.drivers import tone_waves
from assistant.speech.drivers.engine import VoiceChoice
from assistant.speech.drivers.phrase_cache import PhraseCache
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.speakers import aloud, into_files
from assistant.speech.drivers.threaded_speaker import ThreadedSpeaker
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import RATE_HZ, wav_bytes
from assistant.speech.guiding.cue import Cue
from assistant.speech.tones import Tone
from tests.fakes.ear import phrases_in
from tests.fakes.engines import ScriptedEngine
from tests.fakes.recording_device import RecordingDevice
from tests.running.watching import changes, children, until

ESPEAK = VoiceChoice(engine="espeak-ng")


class Mouth:
    """An outlet that holds each phrase until the test says that it is over, or until it is cut off."""

    def __init__(self, fails=False):
        self.said, self.cues = [], []
        self.cuts = 0
        self.closed = None
        self.began = threading.Semaphore(0)
        self.over = threading.Event()
        self.fails = fails

    def begin(self, name):
        """Begin a phrase; who sees that it has begun may end it."""
        self.over.clear()
        self.said.append((name, []))

    def add(self, samples):
        """Keep the length of these samples."""
        self.said[-1][1].append(len(samples))
        self.began.release()

    def end(self):
        """Wait until the phrase is over."""
        if self.fails:
            raise SpeechError("no breath")
        self.over.wait(10)

    def cut(self):
        """End the phrase."""
        self.cuts += 1
        self.over.set()

    def guide(self, cue):
        """Keep the sound that leads to the face, beside the number of phrases that had begun."""
        self.cues.append((cue, len(self.said)))

    def set_volume(self, volume):
        """Keep the volume."""
        self.volume = volume

    def close(self, *, finish):
        """Keep whether the outlet was to finish."""
        self.closed = finish


@pytest.fixture
def engine(tmp_path):
    """Return an engine that makes a sound of 1000 samples of every text but "silence"."""
    (tmp_path / "sound.wav").write_bytes(wav_bytes(np.full(1000, 5000, dtype=np.int16)))
    return ScriptedEngine(f"read text; test silence != $text && cat {tmp_path}/sound.wav >$0")


@pytest.fixture
def make_speaker(tmp_path, engine):
    """Yield a function that makes a speaker with an outlet; the speakers are closed at the end."""
    made = []

    def make(outlet, **options):
        voice_status = VoiceStatus()
        phrases = RenderedPhrases(engine, PhraseCache(tmp_path / "phrases"), voice_status)
        made.append(ThreadedSpeaker(phrases, outlet, voice_status, **options))
        return made[-1]

    yield make
    for speaker in made:
        speaker.close(finish=False)


def test_a_new_phrase_cuts_off_the_old_one(make_speaker):
    """The new phrase is said after the old one was cut off."""
    mouth = Mouth()
    speaker = make_speaker(mouth)
    speaker.say(["old", "older"])
    mouth.began.acquire()
    mouth.began.acquire()
    speaker.say(["new"])
    until(lambda: len(mouth.said) == 2)
    assert [name for name, _ in mouth.said] == ["old, older", "new"]
    assert speaker.is_speaking()
    mouth.over.set()
    until(lambda: not speaker.is_speaking())


def test_a_phrase_begins_while_its_rest_is_rendered(tmp_path, engine, make_speaker):
    """The tone and the first part sound at once; a phrase that is cut off says no more."""
    mouth = Mouth()
    slow = replace(engine, script=f"read text; test slow = $text && sleep 60; cat {tmp_path}/sound.wav >$0")
    speaker = ThreadedSpeaker(RenderedPhrases(slow, PhraseCache(tmp_path), VoiceStatus()), mouth, VoiceStatus())
    speaker.say(["quick", "slow"], Tone.FOUND)
    mouth.began.acquire()
    mouth.began.acquire()
    speaker.silence()
    assert not speaker.is_speaking()
    speaker.say(["quick"])
    mouth.began.acquire()
    speaker.close(finish=False)
    lengths = [parts for _, parts in mouth.said]
    assert lengths == [[len(tone_waves.samples(Tone.FOUND)), *lengths[1]], lengths[1]]
    assert not children("sleep")


def test_what_cannot_be_rendered_is_told_by_a_tone(make_speaker):
    """A tone stands for the rest of the phrase; a phrase that is late begins with another tone."""
    mouth = Mouth()
    speaker = make_speaker(mouth)
    speaker.say(["one", "silence", "two"])
    for _ in range(3):
        mouth.began.acquire()
    ((_, (wait, _one, fault)),) = mouth.said
    assert (wait, fault) == (len(tone_waves.samples(Tone.WAIT)), len(tone_waves.samples(Tone.FAULT)))
    assert changes(speaker) == ["scripted failed: ended without a message"]
    speaker.say(["three"])
    for _ in range(2):
        mouth.began.acquire()
    assert changes(speaker) == [None]


def test_all_are_kept_where_that_is_wanted(make_speaker):
    """With `keep_all` every phrase is said to its end, whatever silences it."""
    mouth = Mouth()
    speaker = make_speaker(mouth, keep_all=True)
    for text in "abc":
        speaker.say([text])
        speaker.silence()
    for _ in range(3):
        mouth.began.acquire()
        mouth.over.set()
    speaker.close(finish=True)
    assert [name for name, _ in mouth.said] == ["a", "b", "c"]
    assert (mouth.cuts, mouth.closed) == (0, True)


def test_stopping_silences_at_once(make_speaker):
    """A close without `finish` cuts off the phrase, and what waits is not said."""
    mouth = Mouth()
    speaker = make_speaker(mouth, keep_all=True)
    speaker.say(["long"])
    speaker.say(["longer"])
    mouth.began.acquire()
    speaker.close(finish=False)
    assert [name for name, _ in mouth.said] == ["long"]
    assert mouth.closed is False


def test_an_outlet_that_fails_is_told_of_once(make_speaker):
    """The failure is reported once, and the next phrase is said."""
    mouth = Mouth(fails=True)
    speaker = make_speaker(mouth, keep_all=True)
    speaker.say(["a"])
    speaker.say(["b"])
    speaker.close(finish=True)
    assert [name for name, _ in mouth.said] == ["a", "b"]
    assert changes(speaker) == ["no breath"]


def test_volume_and_preparation_are_handed_on(tmp_path, make_speaker):
    """The outlet gets the volume, and the phrases are rendered in advance."""
    mouth = Mouth()
    speaker = make_speaker(mouth)
    speaker.set_volume(0.3)
    assert mouth.volume == 0.3
    speaker.prepare(["one", "two"])
    until(lambda: len(list((tmp_path / "phrases").glob("[!.]*.wav"))) == 2)


def test_phrases_are_written_to_files(tmp_path, monkeypatch):
    """A phrase of several parts is one file, and the same phrase said twice is two files."""
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "cache"))
    speaker = into_files(VoiceChoice(), tmp_path / "said")
    speaker.say(["looks happy"])
    speaker.say(["someone", "maybe sad"], Tone.SAD)
    speaker.say(["looks happy"])
    speaker.close(finish=True)
    assert changes(speaker) == []
    files = sorted((tmp_path / "said").iterdir())
    assert [file.name for file in files] == ["001-looks-happy.wav", "002-someone-maybe-sad.wav", "003-looks-happy.wav"]
    lengths_s = []
    for file in files:
        with wave.open(str(file)) as sound:
            lengths_s.append(sound.getnframes() / sound.getframerate())
    assert 0.4 < lengths_s[0] == lengths_s[2] < 1.5
    assert 1.0 < lengths_s[1] < 3


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """The error is raised before anything is said."""
    (tmp_path / "file").touch()
    with pytest.raises(SpeechError, match="no files can be written there: Not a directory"):
        into_files(ESPEAK, tmp_path / "file" / "said")


def test_a_voice_leaves_nothing_behind(tmp_path, monkeypatch):
    """After forty phrases no thread, process or file is left open, and the last phrase is whole."""
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "cache"))
    device = RecordingDevice(tmp_path, monkeypatch)
    before = (threading.active_count(), len(os.listdir("/proc/self/fd")))
    speaker = aloud(ESPEAK)
    for number in range(40):
        speaker.say([str(number % 5), "looks happy"], Tone.FOUND)
        speaker.take_changes()
    speaker.silence()
    speaker.say(["looks sad"], Tone.FAULT)
    speaker.close(finish=True)
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before
    assert not children("aplay")
    (recording,) = device.played()
    assert len(phrases_in(recording)[-1]) > 0.4 * RATE_HZ


def test_no_pulse_sounds_from_before_a_phrase_to_its_end(make_speaker):
    """The sound that leads to a face stops before a phrase begins, and goes on with the newest cue after it."""
    mouth, before, after = Mouth(), Cue(-1.0, 440.0, 0.5), Cue(1.0, 440.0, 0.5)
    speaker = make_speaker(mouth)
    speaker.guide(before)
    speaker.say(["one"])
    mouth.began.acquire()
    speaker.guide(after)
    speaker.say(["two"])
    until(lambda: len(mouth.said) == 2)
    assert {cue for cue, begun in mouth.cues if begun == 0} >= {before}
    assert [cue for cue, begun in mouth.cues if begun == 0][-1] is None
    assert {cue for cue, begun in mouth.cues if begun > 0} <= {None}
    mouth.over.set()
    until(lambda: not speaker.is_speaking())
    until(lambda: mouth.cues[-1] == (after, 2))
