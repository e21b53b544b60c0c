"""A sound device that writes to files what is played on it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.running.watching import children, until

RATE_HZ = 22050

CHECKED = 2
"""How often `assistant run` opens the device before it plays on it."""

Samples = npt.NDArray[np.int16]

SINK = """#!/bin/sh
[ "$1" ] || exec setsid "$0" apart  # without a session of its own it is killed with aplay, and the last sound is lost
file={folder}/$(date +%s%N).$$
cat >"$file.part"
mv "$file.part" "$file.raw"
"""
PLUGGED = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type plug slave {{ pcm "recorded" rate 22050 format S16_LE channels {channels} }} }}
pcm.recorded {{ type file slave.pcm "null" file "| {folder}/sink.sh" format "raw" }}
"""
UNPLUGGED = "</usr/share/alsa/alsa.conf>\npcm.!default { type hw card 7 }\n"


class RecordingDevice:
    """The default sound device of this process and its children: ALSA's own file plugin over its null device.

    The device takes sound at once and writes it out one buffer later, as a sound card does.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, channels: int = 1) -> None:
        """With two channels, the recordings are int16 [samples, 2], left and right."""
        if shutil.which("aplay") is None:
            pytest.skip("aplay is not installed")
        self._folder, self._channels = folder, channels
        sink = folder / "sink.sh"
        sink.write_text(SINK.format(folder=folder), encoding="ascii")
        sink.chmod(0o755)
        self.plug_in()
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asound.conf"))

    def plug_in(self) -> None:
        """Make the device available."""
        (self._folder / "asound.conf").write_text(
            PLUGGED.format(folder=self._folder, channels=self._channels), encoding="ascii"
        )

    def unplug(self) -> None:
        """Remove the device: each `aplay` that plays on it fails, and none can open it."""
        (self._folder / "asound.conf").write_text(UNPLUGGED, encoding="ascii")
        for pid in children("aplay"):
            os.kill(pid, signal.SIGKILL)

    def so_far(self) -> Samples:
        """Return what was played since the device was opened the last time, while it is still open."""
        parts = sorted(self._folder.glob("*.part"))
        return self._as_samples(parts[-1].read_bytes() if parts else b"")

    def played(self, times: int = 1) -> list[Samples]:
        """Wait until the device was opened this often and is closed; return an array for each time that it was opened.

        Where the device is closed at once, what writes the file may begin only afterwards.
        """
        until(lambda: len(self._recordings()) >= times and not list(self._folder.glob("*.part")))
        return [self._as_samples(path.read_bytes()) for path in self._recordings()]

    def _recordings(self) -> list[Path]:
        return sorted(self._folder.glob("*.raw"))

    def _as_samples(self, data: bytes) -> Samples:
        frame = 2 * self._channels
        sound = np.frombuffer(data[: len(data) // frame * frame], dtype=np.int16)
        return sound if self._channels == 1 else sound.reshape(-1, self._channels)
