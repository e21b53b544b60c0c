"""Makes sound of the pulses that lead to the face."""

from __future__ import annotations

import math

import numpy as np

from assistant.speech.drivers.tone_waves import EDGE_S, note_samples
from assistant.speech.drivers.wav import RATE_HZ, Samples
from assistant.speech.guiding.cue import Cue
from assistant.speech.tones import Note

NOTHING: Samples = np.zeros((0, 2), dtype=np.int16)


def repetition(cue: Cue) -> Samples:
    """Return the pulses of one repetition, int16 [samples, 2]: left and right.

    Both ears together get the same power wherever the sound is heard, and neither is louder than a tone.
    """
    gap = np.zeros(round(cue.gap_s * RATE_HZ), dtype=np.int16)
    parts: list[Samples] = []
    for length_s in cue.pulses_s:
        parts += [note_samples(Note(cue.frequency_hz, length_s)), gap]
    mono = np.concatenate(parts[:-1])
    angle = (cue.pan + 1) * np.pi / 4
    gains = cue.level * np.array([np.cos(angle), np.sin(angle)])
    stereo: Samples = np.rint(mono[:, None] * gains).astype(np.int16)
    return stereo


class Pulses:
    """Gives out the pulses of a cue; a change of the cue counts from the next repetition on."""

    def __init__(self) -> None:
        self._cue: Cue | None = None
        self._sounding = NOTHING
        self._since = math.inf
        """How many samples ago the last repetition began."""

    def set_cue(self, cue: Cue | None) -> None:
        """Play this cue from now on; with None, the pulse that sounds fades out."""
        self._cue = cue
        if cue is None:
            self.fade()
            self._since = math.inf

    @property
    def silent(self) -> bool:
        """Whether nothing is left to play."""
        return self._cue is None and not len(self._sounding)

    def fade(self) -> None:
        """Let the pulse that sounds fade out within `EDGE_S`, so that it does not click."""
        rest = self._sounding[: round(EDGE_S * RATE_HZ)]
        self._sounding = (rest * np.linspace(1, 0, len(rest))[:, None]).astype(np.int16)

    def fill(self, chunk: Samples, *, goes_on: bool) -> int:
        """Write what is played next into a silent chunk, int16 [samples, 2]; return how many samples that takes.

        Unless it `goes_on`, only the rest of a pulse is played.
        """
        filled = 0
        while filled < len(chunk) and (len(self._sounding) or goes_on):
            part = self._next(len(chunk) - filled)
            if not len(part):
                break
            chunk[filled : filled + len(part)] = part
            filled += len(part)
            self._since += len(part)
        return filled

    def _next(self, most: int) -> Samples:
        """Return the next samples: of a pulse, or of the silence before the next one; nothing without a cue."""
        if not len(self._sounding) and self._cue is not None:
            wait = self._cue.period_s * RATE_HZ - self._since
            if wait >= 1:
                return np.zeros((min(most, int(wait)), 2), dtype=np.int16)
            self._sounding, self._since = repetition(self._cue), 0
        part, self._sounding = self._sounding[:most], self._sounding[most:]
        return part
