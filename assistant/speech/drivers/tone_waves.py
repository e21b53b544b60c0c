"""Makes sound of the short tones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.files import replaced_atomically
from assistant.speech.drivers.wav import RATE_HZ, Samples, wav_bytes
from assistant.speech.tones import NOTES, Note, Tone

PEAK = 0.3
"""The amplitude of a tone, of 1: about as loud as the speech."""

EDGE_S = 0.005
"""Each note rises and fades for this long, so that it does not click."""


def samples(tone: Tone, rate_hz: int = RATE_HZ) -> Samples:
    """Return the notes of a tone one after the other, int16 [samples]."""
    return np.concatenate([note_samples(note, rate_hz) for note in NOTES[tone]])


def note_samples(note: Note, rate_hz: int = RATE_HZ) -> Samples:
    """Return a sine wave whose edges are half a cosine, int16 [samples]."""
    count, edge = round(note.length_s * rate_hz), round(EDGE_S * rate_hz)
    envelope = np.ones(count)
    envelope[:edge] = (1 - np.cos(np.pi * np.arange(edge) / edge)) / 2
    envelope[-edge:] = envelope[:edge][::-1]
    sine = np.sin(2 * np.pi * note.frequency_hz * np.arange(count) / rate_hz)
    return np.rint(32767 * PEAK * envelope * sine).astype(np.int16)


def write_wav(tone: Tone, path: Path) -> None:
    """Write a tone as a WAV file."""
    with replaced_atomically(path) as unfinished:
        unfinished.write_bytes(wav_bytes(samples(tone)))
