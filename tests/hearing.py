"""Hears what the headset says: a sound device that writes what it plays to files, and a recogniser."""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.phrases import Phrases
from assistant.speech.speaker import Speaker

RATE_HZ, RECOGNISER_RATE_HZ = 22050, 16000

PAUSE_S = 0.1
"""Silence of this length separates what was said."""

Samples = npt.NDArray[np.int16]
VOICE = "en-us+f2"
"""The one that the recogniser, which learned American English, understands best: of others it mishears some phrases."""

DECOYS = ("open the door", "seven o'clock", "turn the music down", "it is raining", "looks hungry", "maybe tomorrow")
"""Phrases that the headset never says; two of them begin as its own do."""

SINK = """#!/bin/sh
[ "$1" ] || exec setsid "$0" apart  # else it is killed with aplay, and what came last is lost
file={folder}/$(date +%s%N).$$
cat >"$file.part"
mv "$file.part" "$file.raw"
"""
PLUGGED = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type plug slave {{ pcm "recorded" rate 22050 format S16_LE channels 1 }} }}
pcm.recorded {{ type file slave.pcm "null" file "| {folder}/sink.sh" format "raw" }}
"""
UNPLUGGED = "</usr/share/alsa/alsa.conf>\npcm.!default { type hw card 7 }\n"


class RecordingDevice:
    """The default sound device of this process and its children: ALSA's own file plugin over its null device.

    It plays at once what it is given, and hands it on a buffer later, as a sound card does.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        if shutil.which("aplay") is None:
            pytest.skip("aplay is not installed")
        self._folder = folder
        sink = folder / "sink.sh"
        sink.write_text(SINK.format(folder=folder), encoding="ascii")
        sink.chmod(0o755)
        self.plug_in()
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asound.conf"))

    def plug_in(self) -> None:
        """It can be opened."""
        (self._folder / "asound.conf").write_text(PLUGGED.format(folder=self._folder), encoding="ascii")

    def unplug(self) -> None:
        """It is gone: who plays on it fails, and nobody can open it."""
        (self._folder / "asound.conf").write_text(UNPLUGGED, encoding="ascii")
        for pid in children("aplay"):
            os.kill(pid, signal.SIGKILL)

    def so_far(self) -> Samples:
        """What came out of it since it was opened the last time, while it is still open."""
        parts = sorted(self._folder.glob("*.part"))
        return _samples(parts[-1]) if parts else np.zeros(0, dtype=np.int16)

    def played(self) -> list[Samples]:
        """All that was played, an array for each time it was opened; waits until it is closed and written."""
        until(lambda: not list(self._folder.glob("*.part")))
        return [_samples(path) for path in sorted(self._folder.glob("*.raw"))]


def _samples(path: Path) -> Samples:
    data = path.read_bytes()
    return np.frombuffer(data[: len(data) // 2 * 2], dtype=np.int16)


def until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Wait until something is so; fails when it does not become so."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)


def changes(voice: Speaker | VoiceStatus) -> list[str | None]:
    """How the voice has changed since the last call: each failure in words, None where it worked again."""
    return [None if status.error is None else str(status.error) for status in voice.take_changes()]


def children(name: str) -> list[int]:
    """The child processes of this one that run a program of this name."""
    listed = subprocess.run(
        ["ps", "--no-headers", "-o", "pid=,comm=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if line.split()[1] == name]


def phrases_in(samples: Samples) -> list[Samples]:
    """The sounds between the silences of a recording."""
    loud = np.flatnonzero(samples)
    ends = np.flatnonzero(np.diff(loud) > PAUSE_S * RATE_HZ)
    return [samples[part[0] : part[-1] + 1] for part in np.split(loud, ends + 1) if len(part)]


def recognise(samples: Samples) -> str:
    """The phrase or decoy that a sound of 22050 samples a second holds, or an empty string."""
    decoder = _decoder()
    decoder.start_utt()
    decoder.process_raw(_resampled(samples), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


@functools.cache
def _decoder() -> Any:
    """Pocketsphinx with a grammar of every phrase and decoy, and nothing else."""
    pocketsphinx = pytest.importorskip("pocketsphinx")
    one_pass = {"fwdflat": False, "bestpath": False}  # the later passes cut phrases short
    thorough = {"beam": 1e-100, "pbeam": 1e-100, "wbeam": 1e-80}
    made = pocketsphinx.Decoder(lm=None, samprate=RECOGNISER_RATE_HZ, loglevel="FATAL", **one_pass, **thorough)
    texts = " | ".join(dict.fromkeys(map(as_words, (*Phrases.load("en").all().values(), *DECOYS))))
    made.add_jsgf_string("said", f"#JSGF V1.0;\ngrammar said;\npublic <phrase> = {texts};\n")
    made.activate_search("said")
    return made


def as_words(text: str) -> str:
    """A text as the recogniser writes it."""
    return " ".join(re.sub(r"[^a-z' ]", "", text.lower()).split())


def _resampled(samples: Samples) -> bytes:
    """With a quarter of a second of quiet on either side."""
    resample_poly = pytest.importorskip("scipy.signal").resample_poly
    quiet = np.zeros(RATE_HZ // 4)
    resampled = resample_poly(np.concatenate([quiet, samples, quiet]), RECOGNISER_RATE_HZ, RATE_HZ)
    return np.clip(resampled, -32768, 32767).astype(np.int16).tobytes()
