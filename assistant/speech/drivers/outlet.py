"""An outlet: where the sound of a phrase goes, such as into a file of a folder."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.errors import SpeechError
from assistant.files import replaced_atomically
from assistant.speech.drivers.wav import Samples, wav_bytes
from assistant.speech.guiding.cue import Cue


class Outlet(Protocol):
    """Where phrases sound: call `begin`, `add` for each part of the phrase, then `end`."""

    def begin(self, name: str) -> None:
        """Begin a phrase; an outlet of files names the file after it."""

    def add(self, samples: Samples) -> None:
        """Add the next part of the phrase, which follows the parts before."""

    def end(self) -> None:
        """Wait until the whole phrase is out; raise SpeechError when that fails."""

    def cut(self) -> None:
        """Cut off what sounds."""

    def guide(self, cue: Cue | None) -> None:
        """Lead to a face by this sound while no phrase sounds; with None, stop it."""

    def set_volume(self, volume: float) -> None:
        """Set the volume from now on, from 0 to 1."""

    def close(self, *, finish: bool) -> None:
        """Close the outlet: with `finish` when every phrase is out, otherwise at once."""


class WavFolder:
    """An outlet that writes each phrase into a folder, as a numbered WAV file."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; raise SpeechError when no files can be written there."""
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
        """Begin a phrase, whose file is named after `name`."""
        self._name, self._sounds = name, []

    def add(self, samples: Samples) -> None:
        """Add the next part of the phrase."""
        self._sounds.append(samples)

    def end(self) -> None:
        """Write the phrase, if it has a sound; raise SpeechError when that fails."""
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
        """Do nothing: what is written stays."""

    def guide(self, cue: Cue | None) -> None:
        """Do nothing: the files have phrases alone."""

    def set_volume(self, volume: float) -> None:
        """Do nothing: the files have the volume that the engine gave them."""

    def close(self, *, finish: bool) -> None:
        """Do nothing: each file was closed when it was written."""
