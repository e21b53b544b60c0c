"""The tones as sound."""

import numpy as np
import pytest

from assistant.speech.drivers import tone_waves
from assistant.speech.drivers.wav import RATE_HZ, read_wav
from assistant.speech.tones import NOTES, Tone

pytestmark = pytest.mark.runtime


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_as_long_as_its_notes(tone):
    """A tone has the length of its notes and a middle volume, and does not click at its ends."""
    sound = tone_waves.samples(tone)
    assert len(sound) == pytest.approx(RATE_HZ * sum(note.length_s for note in NOTES[tone]), abs=len(NOTES[tone]))
    assert 0.29 * 32767 < np.abs(sound).max() <= 0.3 * 32767
    assert np.abs(sound[:3]).max() < 100
    assert np.abs(sound[-3:]).max() < 100


def test_its_notes_have_their_pitch():
    """The strongest frequency of each half of a tone is that of its note."""
    first, second = NOTES[Tone.FOUND]
    sound = tone_waves.samples(Tone.FOUND)
    border = round(RATE_HZ * first.length_s)
    for note, part in ((first, sound[:border]), (second, sound[border:])):
        spectrum = np.abs(np.fft.rfft(part, n=RATE_HZ))
        assert abs(int(spectrum.argmax()) - note.frequency_hz) < 5


def test_a_tone_becomes_a_wav_file(tmp_path):
    """The WAV file has the same samples."""
    tone_waves.write_wav(Tone.SAD, tmp_path / "sad.wav")
    assert (read_wav(tmp_path / "sad.wav") == tone_waves.samples(Tone.SAD)).all()
