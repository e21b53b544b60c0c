"""Sounds as arrays of 16 bits, one channel, 22050 a second: read from WAV files, written to them."""

from __future__ import annotations

import io
import re
import tempfile
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import SpeechError
from assistant.files import replaced_atomically

RATE_HZ = 22050
"""espeak-ng's, and that of most of Piper's voices."""

QUIET = 60
"""Of 32767: what is not louder before and after the words is a pause."""

PAUSE_S = 0.12
"""Left after the words, so that parts of a sentence do not run into each other; espeak-ng leaves 0.3 s."""

Samples = npt.NDArray[np.int16]


def read_wav(file: Path | io.BytesIO) -> Samples:
    """The sound of a WAV file of 16 bits, any rate and any channels; SpeechError when it is none or empty."""
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
    """By linear interpolation, which is good enough for speech."""
    if rate_hz == RATE_HZ:
        return samples
    wanted = np.arange(round(len(samples) * RATE_HZ / rate_hz)) * (rate_hz / RATE_HZ)
    resampled: Samples = np.interp(wanted, np.arange(len(samples)), samples).astype(np.int16)
    return resampled


def trimmed(samples: Samples) -> Samples:
    """Without the pause before the words, and with a short one after them."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)
    if not len(loud):
        return samples[:0]
    return np.concatenate([samples[loud[0] : loud[-1] + 1], np.zeros(round(PAUSE_S * RATE_HZ), dtype=np.int16)])


def wav_bytes(samples: Samples) -> bytes:
    """A whole WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


class WavFolder:
    """An outlet that writes what would sound into a folder, a numbered file a phrase."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; SpeechError when nothing can be written there."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise SpeechError(f"{folder}: no files can be written there: {error.strerror}") from error
        self._folder = folder
        self._written = 0
        self._name = ""
        self._sounds: list[Samples] = []

    def begin(self, name: str) -> None:
        """A phrase of this name begins."""
        self._name, self._sounds = name, []

    def add(self, samples: Samples) -> None:
        """Its next part."""
        self._sounds.append(samples)

    def end(self) -> None:
        """Write the phrase, if it has a sound; SpeechError when that fails."""
        if not self._sounds:
            return
        self._written += 1
        name = re.sub(r"\W+", "-", self._name.lower()).strip("-")[:40]
        try:
            with replaced_atomically(self._folder / f"{self._written:03d}-{name}.wav") as unfinished:
                unfinished.write_bytes(wav_bytes(np.concatenate(self._sounds)))
        except OSError as error:
            raise SpeechError(f"{self._folder}: cannot be written: {error.strerror}") from error

    def cut(self) -> None:
        """Nothing to do: what is written stays."""

    def set_volume(self, volume: float) -> None:
        """Nothing to do: the files are as loud as they were made."""

    def close(self, *, finish: bool) -> None:
        """Nothing to do."""
