"""WAV files of many kinds become sounds, and sounds become WAV files."""

import io
import wave

import numpy as np
import pytest

from assistant.errors import SpeechError
from assistant.speech.drivers.wav import PAUSE_S, RATE_HZ, read_wav, trimmed, wav_bytes

pytestmark = pytest.mark.runtime
SINE = np.rint(8000 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ)).astype(np.int16)


def wav(data, *, channels=1, width=2, rate_hz=RATE_HZ):
    """Return a WAV file in memory."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate_hz)
        sound.writeframes(data)
    return io.BytesIO(file.getvalue())


def test_what_is_written_is_read(tmp_path):
    """A sound is read unchanged from a file and from memory."""
    (tmp_path / "sine.wav").write_bytes(wav_bytes(SINE))
    assert (read_wav(tmp_path / "sine.wav") == SINE).all()
    assert (read_wav(io.BytesIO(wav_bytes(SINE))) == SINE).all()


@pytest.mark.parametrize("rate_hz", [16000, 24000, 44100, 48000])
def test_other_rates_keep_their_pitch_and_length(rate_hz):
    """A sound of another rate is resampled; Piper's voices have 16000 or 22050 samples a second."""
    sine = np.rint(8000 * np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz)).astype(np.int16)
    sound = read_wav(wav(sine.tobytes(), rate_hz=rate_hz))
    assert len(sound) == RATE_HZ
    assert np.abs(sound[: RATE_HZ // 2].astype(int) - SINE[: RATE_HZ // 2]).max() < 100


def test_two_channels_become_one():
    """Two channels become their mean."""
    both = np.stack([SINE, np.zeros_like(SINE)], axis=1)
    assert np.abs(read_wav(wav(both.tobytes(), channels=2)).astype(int) - SINE // 2).max() <= 1


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b""),
        io.BytesIO(b"RIFF"),
        io.BytesIO(bytes(1000)),
        wav(b""),
        wav(bytes(1000), width=1),
        wav(bytes(999), width=3),
    ],
)
def test_what_is_no_sound_is_refused(file):
    """A file that is no sound, or an empty sound, raises an error."""
    with pytest.raises(SpeechError, match="WAV file"):
        read_wav(file)


def test_pauses_are_trimmed():
    """The silence before the words is removed, and the silence after them becomes a short pause."""
    quiet = np.full(RATE_HZ, 30, dtype=np.int16)
    sound = trimmed(np.concatenate([quiet, SINE[10:], quiet]))
    assert len(sound) == pytest.approx(len(SINE) + PAUSE_S * RATE_HZ, abs=50)
    assert sound[0] > 60
    assert not len(trimmed(quiet))
