"""Sounds as arrays of 16 bits, one channel, 22050 samples a second: read from WAV files, and written as WAV files."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import SpeechError

RATE_HZ = 22050
"""The rate of espeak-ng, and of most of Piper's voices."""

QUIET = 60
"""A sample of this amplitude or less, out of 32767, belongs to the pause before or after the words."""

PAUSE_S = 0.12
"""The pause after the words, so that parts of a sentence do not run into each other; espeak-ng leaves 0.3 s."""

Samples = npt.NDArray[np.int16]
"""A sound: int16 [samples], at `RATE_HZ`."""


def read_wav(file: Path | io.BytesIO) -> Samples:
    """Return the sound of a WAV file of 16 bits, with any rate and any number of channels.

    Raises SpeechError when the file is no WAV file, has other than 16 bits, or holds no sound.
    """
    try:
        with wave.open(str(file) if isinstance(file, Path) else file) as sound:
            channels, width, rate_hz = sound.getparams()[:3]
            data = sound.readframes(sound.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise SpeechError(f"no WAV file: {error!r}") from error
    if width != 2 or len(data) < 2 * channels:
        raise SpeechError(f"a WAV file of {8 * width} bits and {len(data)} bytes: 16 bits and a sound are needed")
    frames = np.frombuffer(data, dtype="<i2")[: len(data) // 2 // channels * channels].reshape(-1, channels)
    return _resampled(frames[:, 0] if channels == 1 else frames.mean(axis=1).astype(np.int16), rate_hz)


def _resampled(samples: Samples, rate_hz: int) -> Samples:
    """Resample to `RATE_HZ` by linear interpolation, which is good enough for speech."""
    if rate_hz == RATE_HZ:
        return samples
    wanted = np.arange(round(len(samples) * RATE_HZ / rate_hz)) * (rate_hz / RATE_HZ)
    resampled: Samples = np.interp(wanted, np.arange(len(samples)), samples).astype(np.int16)
    return resampled


def trimmed(samples: Samples) -> Samples:
    """Return the sound without the pause before the words, and with a pause of `PAUSE_S` after them."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)
    if not len(loud):
        return samples[:0]
    return np.concatenate([samples[loud[0] : loud[-1] + 1], np.zeros(round(PAUSE_S * RATE_HZ), dtype=np.int16)])


def wav_bytes(samples: Samples) -> bytes:
    """Return the bytes of a WAV file with this sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()
