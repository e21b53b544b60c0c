"""The wearer's ear: it splits a recording into phrases and recognises each of them."""

from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np
import pytest

from assistant.speech.phrases import Phrases
from tests.fakes.recording_device import RATE_HZ, Samples

RECOGNISER_RATE_HZ = 16000

PAUSE_S = 0.1
"""Two phrases are separated by a silence of at least this length."""

VOICE = "en-us+f2"
"""The recogniser, which learned American English, understands this voice best; it mishears phrases of others."""

DECOYS = ("open the door", "seven o'clock", "turn the music down", "it is raining", "looks hungry", "maybe tomorrow")
"""The headset never says these phrases; two of them begin like phrases of the headset."""


def phrases_in(samples: Samples) -> list[Samples]:
    """Split a recording at its silences."""
    loud = np.flatnonzero(samples)
    ends = np.flatnonzero(np.diff(loud) > PAUSE_S * RATE_HZ)
    return [samples[part[0] : part[-1] + 1] for part in np.split(loud, ends + 1) if len(part)]


def recognise(samples: Samples, *further: str) -> str:
    """Return the phrase or decoy in a sound of 22050 samples a second, or an empty string.

    The `further` phrases are known too.
    """
    decoder = _decoder(*further)
    decoder.start_utt()
    decoder.process_raw(_resampled(samples), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


@functools.cache
def _decoder(*further: str) -> Any:
    """Build Pocketsphinx with a grammar of every phrase and decoy and the further ones, and nothing else."""
    pocketsphinx = pytest.importorskip("pocketsphinx")
    one_pass = {"fwdflat": False, "bestpath": False}  # the later passes cut phrases short
    thorough = {"beam": 1e-100, "pbeam": 1e-100, "wbeam": 1e-80}
    made = pocketsphinx.Decoder(lm=None, samprate=RECOGNISER_RATE_HZ, loglevel="FATAL", **one_pass, **thorough)
    texts = " | ".join(dict.fromkeys(map(as_words, (*Phrases.load("en").all().values(), *DECOYS, *further))))
    made.add_jsgf_string("said", f"#JSGF V1.0;\ngrammar said;\npublic <phrase> = {texts};\n")
    made.activate_search("said")
    return made


def as_words(text: str) -> str:
    """Write a text as the recogniser does."""
    return " ".join(re.sub(r"[^a-z' ]", "", text.lower()).split())


def _resampled(samples: Samples) -> bytes:
    """Resample for the recogniser, with a quarter of a second of silence on either side."""
    resample_poly = pytest.importorskip("scipy.signal").resample_poly
    quiet = np.zeros(RATE_HZ // 4)
    resampled = resample_poly(np.concatenate([quiet, samples, quiet]), RECOGNISER_RATE_HZ, RATE_HZ)
    return np.clip(resampled, -32768, 32767).astype(np.int16).tobytes()
