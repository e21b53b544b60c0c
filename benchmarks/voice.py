"""How soon a phrase sounds and is cut off, and what the speaker holds after a thousand phrases.

    python benchmarks/voice.py [--phrases 1000]

ALSA's null device takes all sound at once. ALSA's file plugin holds one buffer back as a sound card does, and hands the
sound to a process that notes when it came. Levels are played instead of words, positive and negative ones by turns, so
that each sample shows to which phrase it belongs. A real device adds the time of its codec, and Bluetooth that of the
air.
"""

from __future__ import annotations

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
from shared.command_line import benchmark_parser
from shared.sound import write_recording_device

from assistant.speech.drivers.engine import VoiceChoice
from assistant.speech.drivers.espeak.pyttsx3_engine import Pyttsx3
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.speakers import aloud
from assistant.speech.drivers.threaded_speaker import ThreadedSpeaker
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import RATE_HZ

LIMIT_MS = 100
ROUNDS = 100
ALLOWED = {"memory, KiB": 2048}
"""How much more this process may hold after many phrases than before; nothing where no figure stands here."""

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
"""Notes each change of sign and when it came: when a phrase begins, is cut off by another phrase, or ends."""


def prepare_device(folder: Path) -> Path:
    """Make the sink the default device of this process and its children, and fill their cache; return the log."""
    os.environ |= write_recording_device(folder, SINK) | {"CACHE_DIRECTORY": str(folder)}
    cache = PhraseCache(phrase_folder())
    phrases = RenderedPhrases(Pyttsx3(CHOICE.language, CHOICE.rate_wpm), cache, VoiceStatus())
    for name, level in LEVELS.items():
        cache.put(phrases.key(name), np.full(round(PHRASE_S * RATE_HZ), level, dtype=np.int16))
    return folder / "log"


class SinkLog:
    """Reads what the sink noted."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def wait(self) -> None:
        """Wait until the sink listens; raise TimeoutError when it does not start."""
        until_s = time.monotonic() + START_TIMEOUT_S
        while not self._log.exists():
            if time.monotonic() > until_s:
                raise TimeoutError(f"{self._log}: the sink did not start; look whether aplay is installed")
            time.sleep(0.1)

    def first_s(self, sign: int, after_s: float) -> float:
        """Wait until the level becomes positive (1), negative (-1) or silent (0) after a moment; return when it did."""
        for _ in range(1000):
            lines = [line.split() for line in self._log.read_text(encoding="ascii").splitlines()]
            came = [float(line[0]) for line in lines if len(line) == 2 and int(line[1]) == sign]
            if came and came[-1] > after_s:
                return next(each_s for each_s in came if each_s > after_s)
            time.sleep(0.005)
        raise TimeoutError(f"{self._log}: the sink heard nothing")


def measured_ms(speaker: ThreadedSpeaker, sink: SinkLog) -> dict[str, Sequence[float]]:
    """Return the milliseconds from each kind of call to its effect at the sink, sorted."""
    taken: dict[str, list[float]] = {"begins": [], "gives way": [], "falls silent": []}
    rng = np.random.default_rng(0)

    def take(what: str, call: Callable[[], None], sign: int) -> None:
        time.sleep(rng.uniform(0.25, 0.35))  # the player writes sound in pieces: a call comes at any moment between two
        called_s = time.monotonic()
        call()
        taken[what].append(1000 * (sink.first_s(sign, called_s) - called_s))

    for _ in range(ROUNDS):
        take("begins", lambda: speaker.say(["up"]), 1)
        take("gives way", lambda: speaker.say(["down"]), -1)
        take("falls silent", speaker.silence, 0)
    return {what: sorted(each) for what, each in taken.items()}


def held() -> dict[str, int]:
    """Return how many children, threads and open files this process has, and how much memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    children = subprocess.run(["ps", "--no-headers", "--ppid", str(os.getpid())], capture_output=True, check=False)
    return {
        "child processes": len(children.stdout.splitlines()) - 1,  # without ps
        "threads": threading.active_count(),
        "open files": len(os.listdir("/proc/self/fd")) - 1,
        "memory, KiB": int(status.partition("VmRSS:")[2].split()[0]),
    }


def say_many(speaker: ThreadedSpeaker, count: int) -> None:
    """Say `count` phrases that cut each other off."""
    rng = np.random.default_rng(0)
    for number in range(count):
        speaker.say([list(LEVELS)[number % 2]])
        time.sleep(rng.uniform(0.0, 0.1))


def is_slow(speaker: ThreadedSpeaker, sink: SinkLog) -> bool:
    """Print how soon each kind of call has its effect; return whether a median is over its limit."""
    slow = False
    for what, taken in measured_ms(speaker, sink).items():
        median = statistics.median(taken)
        slow |= median > LIMIT_MS
        print(
            f"a phrase {what:<14}{median:6.1f} ms (limit {LIMIT_MS} ms), all but one of {ROUNDS} in {taken[-2]:.1f} ms"
        )
    return slow


def leaks(before: dict[str, int], after: dict[str, int], phrases: int) -> bool:
    """Print what this process held before and after the phrases; return whether a figure is over its limit."""
    over = False
    for what, count in before.items():
        limit = count + ALLOWED.get(what, 0)
        over |= after[what] > limit
        print(f"{what:<16}{count:7d} before, {after[what]} after {phrases} phrases (limit {limit})")
    return over


def main() -> int:
    """Print the figures; return 1 when a figure is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--phrases", type=int, default=1000, help="how many phrases are said (default: 1000)")
    phrases = parser.parse_args().phrases
    with tempfile.TemporaryDirectory() as folder:
        log = prepare_device(Path(folder))
        speaker = aloud(CHOICE)
        sink = SinkLog(log)
        sink.wait()
        slow = is_slow(speaker, sink)
        before = held()
        say_many(speaker, phrases)
        speaker.silence()
        after, changes = held(), speaker.take_changes()
        speaker.close(finish=False)
    leaked = leaks(before, after, phrases)
    print(f"{'faults':<16}{changes[0].error if changes else 'none'} (limit: none)")
    return int(slow or leaked or bool(changes))


if __name__ == "__main__":
    sys.exit(main())
