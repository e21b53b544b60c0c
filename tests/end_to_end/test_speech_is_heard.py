"""What is spoken is heard: espeak-ng's sound, recognised by pocketsphinx with a grammar of all phrases and decoys."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.phrases import Phrases

pocketsphinx = pytest.importorskip("pocketsphinx")
signal = pytest.importorskip("scipy.signal")
RATE_HZ, RECOGNISER_RATE_HZ = 22050, 16000

Samples = npt.NDArray[np.int16]
DECOYS = ("open the door", "seven o'clock", "turn the music down", "it is raining", "looks hungry", "maybe tomorrow")
"""Phrases that the headset never says; two of them begin as its own do."""


def grammar() -> str:
    """Every phrase and decoy, and nothing else."""
    texts = [re.sub(r"[^a-z' ]", "", text.lower()) for text in (*Phrases.load("en").all().values(), *DECOYS)]
    return f"#JSGF V1.0;\ngrammar said;\npublic <phrase> = {' | '.join(dict.fromkeys(texts))};\n"


def recognise(samples: Samples, folder: Path) -> str:
    """The phrase that a sound of 22050 samples a second holds, or an empty string."""
    (folder / "said.gram").write_text(grammar(), encoding="ascii")
    one_pass = {"fwdflat": False, "bestpath": False}  # the later passes cut phrases short
    decoder = pocketsphinx.Decoder(
        jsgf=str(folder / "said.gram"), samprate=RECOGNISER_RATE_HZ, loglevel="FATAL", **one_pass
    )
    decoder.start_utt()
    decoder.process_raw(_resampled(samples), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


def _resampled(samples: Samples) -> bytes:
    """With a quarter of a second of quiet on either side."""
    quiet = np.zeros(RATE_HZ // 4)
    padded = np.concatenate([quiet, samples, quiet])
    resampled = signal.resample_poly(padded, RECOGNISER_RATE_HZ, RATE_HZ)
    return np.clip(resampled, -32768, 32767).astype(np.int16).tobytes()


def spoken(text: str) -> Samples:
    """What espeak-ng makes of a text, as the headset sets it."""
    command = ["espeak-ng", "-v", "en", "-s", "175", "--stdout", text]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(made[44:], dtype=np.int16)


@pytest.fixture
def recorder(tmp_path, monkeypatch) -> Path:
    """A sound device that writes what is played to files: ALSA's own file plugin over its null device."""
    if shutil.which("aplay") is None:
        pytest.skip("aplay is not installed")
    folder = tmp_path / "played"
    folder.mkdir()
    sink = folder / "sink.sh"
    sink.write_text(
        f'#!/bin/sh\nf={folder}/$(date +%s%N).$$\ncat >"$f.part"\nmv "$f.part" "$f.raw"\n', encoding="ascii"
    )
    sink.chmod(0o755)
    configuration = folder / "asound.conf"
    configuration.write_text(
        "</usr/share/alsa/alsa.conf>\n"
        'pcm.!default { type plug slave { pcm "rec" rate 22050 format S16_LE channels 1 } }\n'
        f'pcm.rec {{ type file slave.pcm "null" file "| {sink}" format "raw" }}\n',
        encoding="ascii",
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(configuration))
    return folder


def played(folder: Path) -> list[Samples]:
    """What was played and is not silence, in order; waits until it is written."""
    for _ in range(100):
        if not list(folder.glob("*.part")):
            break
        time.sleep(0.05)
    sounds = [np.fromfile(path, dtype=np.int16) for path in sorted(folder.glob("*.raw"))]
    return [sound for sound in sounds if sound.any()]


def test_a_smile_is_heard(assistant, recorder, tmp_path):
    """From the drawn face to the sound device: the words, in the order that the events tell.

    The demonstration's announcement is first; the recogniser does not know such a long phrase.
    """
    ran = assistant("run", "--camera", "simulated:happy 4, surprise 4", "--fast", "--voice", "auto", "--events", "-")
    assert ran.code == 0
    heard = [recognise(sound, tmp_path) for sound in played(recorder)]
    assert len(heard) == len(ran.said()) == 3
    assert heard[1:] == ran.said()[1:] == ["looks happy", "looks surprised"]


@pytest.mark.parametrize("text", ["looks happy", "looks surprised", "maybe angry", "maybe sad"])
def test_each_word_that_is_said_unasked_is_understood(tmp_path, text):
    """Among all phrases and decoys."""
    assert recognise(spoken(text), tmp_path) == text


@pytest.mark.parametrize("text", ["looks angry", "it is raining", "seven o'clock", "looks hungry"])
def test_the_wrong_sound_fails(tmp_path, text):
    """Another phrase's sound is not taken for "looks happy"."""
    assert recognise(spoken(text), tmp_path) != "looks happy"
