"""Speakers: order and state, without a sound device."""

import threading
import wave

import pytest

from assistant.adapters.clocks import RecordingClock
from assistant.adapters.speech import check_engine, run_until
from assistant.adapters.voice import PrintSpeaker, ReckonedSpeaker, ThreadedSpeaker, into_files
from assistant.errors import SpeechError
from assistant.settings import VoiceSettings

pytestmark = pytest.mark.runtime


class Mouth:
    """Says texts until told that they are over, or cancelled; fails where told."""

    def __init__(self, failures=0):
        self.begun = []
        self.cut = []
        self.began = threading.Semaphore(0)
        self.over = threading.Event()
        self.failures = failures

    def utter(self, text, cancelled):
        """As the port says."""
        self.begun.append(text)
        self.began.release()
        if self.failures:
            self.failures -= 1
            raise SpeechError("no breath")
        while not self.over.wait(0.005):
            if cancelled.is_set():
                self.cut.append(text)
                return

    def end(self):
        """Nothing to do."""


def test_a_new_phrase_cuts_off_the_old_one():
    """And is then said."""
    mouth = Mouth()
    speaker = ThreadedSpeaker(mouth.utter, mouth.end)
    speaker.say("old")
    mouth.began.acquire()
    assert speaker.is_speaking()
    speaker.say("new")
    mouth.began.acquire()
    assert (mouth.begun, mouth.cut) == (["old", "new"], ["old"])
    mouth.over.set()
    speaker.close(finish=True)
    assert not speaker.is_speaking()


def test_stopping_silences_at_once():
    """Without waiting for the end of the phrase."""
    mouth = Mouth()
    speaker = ThreadedSpeaker(mouth.utter, mouth.end)
    speaker.say("long")
    mouth.began.acquire()
    speaker.close(finish=False)
    assert mouth.cut == ["long"]


def test_all_are_kept_where_that_is_wanted():
    """One after the other, to the end."""
    mouth = Mouth()
    mouth.over.set()
    speaker = ThreadedSpeaker(mouth.utter, mouth.end, keep_all=True)
    for text in "abc":
        speaker.say(text)
    speaker.close(finish=True)
    assert (mouth.begun, mouth.cut) == (["a", "b", "c"], [])


def test_a_failing_voice_is_reported_once_and_tried_again():
    """The phrase a second time, and the next one too."""
    mouth = Mouth(failures=3)
    mouth.over.set()
    speaker = ThreadedSpeaker(mouth.utter, mouth.end, keep_all=True)
    speaker.say("a")
    speaker.say("b")
    speaker.close(finish=True)
    assert mouth.begun == ["a", "a", "b", "b"]
    assert str(speaker.take_fault()) == "no breath"
    assert speaker.take_fault() is None


def test_an_unforeseen_failure_does_not_end_the_voice():
    """A full disk while rendering, say: told, and the next phrase is said."""
    said = []

    def utter(text, cancelled):
        if text == "a":
            raise OSError(28, "No space left on device")
        said.append(text)

    speaker = ThreadedSpeaker(utter, lambda: None, keep_all=True)
    speaker.say("a")
    speaker.say("b")
    speaker.close(finish=True)
    assert said == ["b"]
    assert "No space left on device" in str(speaker.take_fault())


def test_print_lasts_as_long_as_speech_would(capsys):
    """On the clock that it is given."""
    import sys

    clock = RecordingClock()
    speaker = ReckonedSpeaker(PrintSpeaker(sys.stdout), clock, 175)
    speaker.say("looks happy")
    assert capsys.readouterr().out == "says: looks happy\n"
    assert speaker.is_speaking()
    clock.wait(2.0)
    assert not speaker.is_speaking()


def test_phrases_are_rendered_to_files(tmp_path):
    """Real ones, by pyttsx3 and espeak-ng; the same phrase twice is two files."""
    check_engine()
    speaker = into_files(VoiceSettings(), tmp_path / "said")
    for text in ("looks happy", "maybe sad", "looks happy"):
        speaker.say(text)
    speaker.close(finish=True)
    files = sorted((tmp_path / "said").iterdir())
    assert [file.name for file in files] == ["001-looks-happy.wav", "002-maybe-sad.wav", "003-looks-happy.wav"]
    with wave.open(str(files[0])) as sound:
        assert 0.4 < sound.getnframes() / sound.getframerate() < 3
    assert speaker.take_fault() is None


@pytest.mark.parametrize(
    ("command", "timeout_s", "complaint"),
    [
        (["sleep", "60"], 0.2, "took more than 0.2 seconds"),
        (["sh", "-c", "echo oh no >&2; exit 3"], 5, "failed: oh no"),
        (["no-such-program"], 5, "cannot be started"),
    ],
)
def test_a_child_that_fails_or_hangs_is_named(command, timeout_s, complaint):
    """And ended."""
    with pytest.raises(SpeechError, match=complaint):
        run_until(command, threading.Event(), timeout_s, "child")


def test_a_cancelled_child_is_ended():
    """With its own children."""
    cancelled = threading.Event()
    cancelled.set()
    assert run_until(["sh", "-c", "sleep 60 & wait"], cancelled, 30, "child") is False
