"""How soon a phrase sounds and is cut off, and what a thousand of them leave behind.

    python benchmarks/voice.py [--phrases 1000]

ALSA's null device takes all sound at once; its file plugin, which holds one buffer back as a sound card does, hands it
to a process that notes when it came. What is played are levels instead of words, positive and negative ones in turn, so
that each sample tells whose it is. On a real device the way through its codec is added, and with Bluetooth the air.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.speech.drivers.engines import VoiceChoice
from assistant.speech.drivers.espeak.pyttsx3_engine import Pyttsx3
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.speakers import ThreadedSpeaker, aloud
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import RATE_HZ

LIMIT_MS = 100
ROUNDS = 100
ALLOWED = {"memory, KiB": 2048}
"""How much more may be held after many phrases."""

PHRASE_S = 2.0
LEVELS = {"up": 8000, "down": -8000}
CHOICE = VoiceChoice()

START_TIMEOUT_S = 30.0

SINK = """
import sys, time, os
import numpy as np
last = 0
with open(sys.argv[1], "w", buffering=1) as log:
    while data := os.read(0, 65536):
        now = time.monotonic()
        signs = np.sign(np.frombuffer(data, dtype=np.int16)[::2])
        for sign in signs[np.flatnonzero(np.diff(signs, prepend=last))]:
            print(now, int(sign), file=log)
        last = signs[-1]
"""
"""Notes each change of sign and when it came: a phrase begins, one gives way to another, one ends."""


def prepare_device(folder: Path) -> Path:
    """Make a sink the default device of this process and its children, and prefill their cache; returns its log."""
    sink, log = folder / "sink.py", folder / "log"
    sink.write_text(SINK, encoding="ascii")
    (folder / "sink.sh").write_text(f"#!/bin/sh\nexec {sys.executable} {sink} {log}\n", encoding="ascii")
    (folder / "sink.sh").chmod(0o755)
    (folder / "asound.conf").write_text(
        "</usr/share/alsa/alsa.conf>\n"
        'pcm.!default { type plug slave { pcm "sink" rate 22050 format S16_LE channels 2 } }\n'
        f'pcm.sink {{ type file slave.pcm "null" file "| {folder}/sink.sh" format "raw" }}\n',
        encoding="ascii",
    )
    os.environ |= {"ALSA_CONFIG_PATH": str(folder / "asound.conf"), "CACHE_DIRECTORY": str(folder)}
    cache = PhraseCache(phrase_folder())
    phrases = RenderedPhrases(Pyttsx3(CHOICE.language, CHOICE.rate_wpm), cache, VoiceStatus())
    for name, level in LEVELS.items():
        cache.put(phrases.key(name), np.full(round(PHRASE_S * RATE_HZ), level, dtype=np.int16))
    return log


class Ear:
    """Reads what the sink noted."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def wait(self) -> None:
        """Until the sink listens."""
        until_s = time.monotonic() + START_TIMEOUT_S
        while not self._log.exists():
            if time.monotonic() > until_s:
                raise TimeoutError("the sink did not start")
            time.sleep(0.1)

    def first_s(self, sign: int, after_s: float) -> float:
        """When the level became positive (1), negative (-1) or silent (0), after a moment; waits for it."""
        for _ in range(1000):
            lines = [line.split() for line in self._log.read_text(encoding="ascii").splitlines()]
            came = [float(line[0]) for line in lines if len(line) == 2 and int(line[1]) == sign]
            if came and came[-1] > after_s:
                return next(each_s for each_s in came if each_s > after_s)
            time.sleep(0.005)
        raise TimeoutError("the sink heard nothing")


def measured_ms(speaker: ThreadedSpeaker, ear: Ear) -> dict[str, Sequence[float]]:
    """Milliseconds from each kind of call to what it does at the sink."""
    taken: dict[str, list[float]] = {"begins": [], "gives way": [], "falls silent": []}
    rng = np.random.default_rng(0)

    def take(what: str, call: Callable[[], None], sign: int) -> None:
        time.sleep(rng.uniform(0.25, 0.35))  # calls come at any moment between two pieces
        called_s = time.monotonic()
        call()
        taken[what].append(1000 * (ear.first_s(sign, called_s) - called_s))

    for _ in range(ROUNDS):
        take("begins", lambda: speaker.say(["up"]), 1)
        take("gives way", lambda: speaker.say(["down"]), -1)
        take("falls silent", speaker.silence, 0)
    return {what: sorted(each) for what, each in taken.items()}


def held() -> dict[str, int]:
    """What this process holds at the moment."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    children = subprocess.run(["ps", "--no-headers", "--ppid", str(os.getpid())], capture_output=True, check=False)
    return {
        "child processes": len(children.stdout.splitlines()) - 1,  # without ps
        "threads": threading.active_count(),
        "open files": len(os.listdir("/proc/self/fd")) - 1,
        "memory, KiB": int(status.partition("VmRSS:")[2].split()[0]),
    }


def say_many(speaker: ThreadedSpeaker, count: int) -> None:
    """Phrases that cut each other off."""
    rng = np.random.default_rng(0)
    for number in range(count):
        speaker.say([list(LEVELS)[number % 2]])
        time.sleep(rng.uniform(0.0, 0.1))


def main() -> int:
    """Print the figures; 1 when one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=int, default=1000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = prepare_device(Path(folder))
        speaker = aloud(CHOICE)
        ear = Ear(log)
        ear.wait()
        slow = False
        for what, taken in measured_ms(speaker, ear).items():
            median = statistics.median(taken)
            slow |= median > LIMIT_MS
            print(
                f"a phrase {what:<14}{median:6.1f} ms (limit {LIMIT_MS}), {taken[-2]:.1f} at most but once of {ROUNDS}"
            )
        before = held()
        say_many(speaker, arguments.phrases)
        speaker.silence()
        after, changes = held(), speaker.take_changes()
        speaker.close(finish=False)
    leaks = False
    for what, count in before.items():
        limit = count + ALLOWED.get(what, 0)
        leaks |= after[what] > limit
        print(f"{what:<16}{count:7d} before, {after[what]} after {arguments.phrases} phrases (limit {limit})")
    print(f"{'faults':<16}{changes[0].error if changes else 'none'}")
    return int(slow or leaks or bool(changes))


if __name__ == "__main__":
    sys.exit(main())
