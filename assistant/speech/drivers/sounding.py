"""The sounds that wait to be played, in chunks: phrases one after the other, and between them pulses."""

from __future__ import annotations

import numpy as np

from assistant.speech.drivers.guide_waves import Pulses
from assistant.speech.drivers.open_device import CHANNELS
from assistant.speech.drivers.wav import RATE_HZ, Samples
from assistant.speech.guiding.cue import Cue

CHUNK_S = 0.01
"""Seconds of sound in one write."""

CHUNK_FRAMES = round(CHUNK_S * RATE_HZ)

FADE_S = 0.005
"""A sound that is cut off fades for this long, so that it does not click."""

NOTHING: Samples = np.zeros(0, dtype=np.int16)


class Sounding:
    """Holds the sounds to be played, and gives them out in chunks at the wanted volume; then it gives out silence.

    The pulses that lead to a face sound only where no other sound does, one after the other and never together.
    """

    def __init__(self, volume: float) -> None:
        self._sounds = self._fading = NOTHING
        self._position = 0
        self._pulses = Pulses()
        self.set_volume(volume)
        self._loudness = self._wanted_loudness

    def add(self, samples: Samples) -> None:
        """Add a sound after the waiting sounds."""
        self._sounds = np.concatenate([self._sounds, samples])
        self._pulses.fade()

    def cut(self) -> None:
        """Drop all sounds; the sound that is being played fades out."""
        sounding = self._sounds[self._position :] if self._position else NOTHING
        rest = np.concatenate([self._fading, sounding])[: round(FADE_S * RATE_HZ)]
        self._fading = (rest * np.linspace(1, 0, len(rest))).astype(np.int16)
        self._sounds, self._position = NOTHING, 0

    def rewind(self) -> None:
        """Play the sounds again from the beginning."""
        self._fading, self._position = NOTHING, 0

    def guide(self, cue: Cue | None) -> None:
        """Play these pulses while no other sound does; with None, no more."""
        self._pulses.set_cue(cue)

    def set_volume(self, volume: float) -> None:
        """Set the volume from the next chunk on, from 0 to 1; its square is the amplitude, which fits hearing."""
        self._wanted_loudness = min(max(volume, 0.0), 1.0) ** 2

    @property
    def over(self) -> bool:
        """Whether all sounds have been given out."""
        return self._position >= len(self._sounds)

    @property
    def silent(self) -> bool:
        """Whether nothing is left to play, not even the end of a sound that fades out, nor pulses."""
        return self.over and not len(self._fading) and self._pulses.silent

    def next_chunk(self) -> bytes:
        """Return the next 10 ms, in 16 bits and two channels."""
        chunk = np.zeros((CHUNK_FRAMES, CHANNELS), dtype=np.int16)
        filled = self._pulses.fill(chunk, goes_on=self.over and not len(self._fading))
        faded = self._fading[: CHUNK_FRAMES - filled]
        self._fading = self._fading[len(faded) :]
        chunk[filled : filled + len(faded)] = faded[:, None]
        filled += len(faded)
        part = self._sounds[self._position : self._position + CHUNK_FRAMES - filled]
        self._position += len(part)
        chunk[filled : filled + len(part)] = part[:, None]
        return self._at_volume(chunk)

    def _at_volume(self, chunk: Samples) -> bytes:
        """Return the bytes of a chunk; its volume changes evenly to the wanted one, so that it does not click."""
        gains = np.linspace(self._loudness, self._wanted_loudness, len(chunk))
        self._loudness = self._wanted_loudness
        return (chunk * gains[:, None]).astype("<i2").tobytes()
