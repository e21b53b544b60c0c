"""How soon the whole program is heard: after an emotion has settled, and after a question, also while a part hangs.

    python benchmarks/answer.py

`assistant run` runs with the simulated camera at its own pace; all phrases are rendered before. The sound device is
ALSA's file plugin over its null device. It hands all sound to a process that notes when something begins to sound. The
time of an emotion is the time of its event; a question is asked as `assistant ctl` asks it. In the last row the engine
hangs and the answer is not in the cache, so a tone is heard instead. A real device adds the time of its codec.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from shared.command_line import benchmark_parser
from shared.sound import ENGINE, render_all, write_recording_device

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.speech.drivers.phrase_cache import phrase_folder
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.phrases import Phrases

EMOTION_LIMIT_MS, ANSWER_LIMIT_MS = 100, 200
SCRIPT = "happy 3, surprise 3, " * 6 + "empty 2"
QUESTIONS = 8
STEADY = "happy 50, empty 1"
STALLED = "empty 1, stall 50, empty 1"
NOBODY, NOBODY_ANSWER = "empty 51", "nobody"
HANGING_ENGINE = 'case "$*" in *-w*) exec sleep 60;; *) exec {real} "$@";; esac'
STARTED_S = 12.0
"""Everything that is said at the start has been said after this time."""

ASKED_EVERY_S = 4.0
"""An answer is shorter than this. If it cut off the one before, there would be no silence, which the sink waits for."""

SINK = """
import os, sys, time
import numpy as np
QUIET = 2205 * 2
quiet = QUIET
with open(sys.argv[1], "w", buffering=1) as log:
    while data := os.read(0, 65536):
        loud = np.flatnonzero(np.frombuffer(data[: len(data) // 2 * 2], dtype=np.int16))
        if len(loud) and quiet + loud[0] >= QUIET:
            print(time.monotonic(), file=log)
        quiet = quiet + len(data) // 2 if not len(loud) else len(data) // 2 - loud[-1]
"""
"""Notes when a sound begins after at least a tenth of a second of silence."""


def environment(folder: Path) -> dict[str, str]:
    """Return an environment with the sink as the default device; the cache and the socket are in the folder."""
    folders = {name: str(folder) for name in ("CACHE_DIRECTORY", "RUNTIME_DIRECTORY")}
    return os.environ | folders | write_recording_device(folder, SINK)


def with_hanging_engine(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """Return this environment with an engine that hangs whenever it is to render a phrase."""
    engine = folder / "hanging" / ENGINE
    engine.parent.mkdir()
    engine.write_text("#!/bin/sh\n" + HANGING_ENGINE.format(real=shutil.which(ENGINE)), encoding="ascii")
    engine.chmod(0o755)
    return env | {"PATH": f"{engine.parent}:{env['PATH']}"}


def started(script: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start the program with a camera that plays the script."""
    options = ["--camera", f"simulated:{script}", "--control", "--events", "-", "--voice", ENGINE]
    command = [sys.executable, "-m", "assistant", "run", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def first_sound_s(log: Path, after_s: float) -> float:
    """Wait for the first sound after a moment, and return when it began; raise TimeoutError when none comes."""
    for _ in range(1000):
        came = [float(line) for line in log.read_text(encoding="ascii").split("\n")[:-1]] if log.exists() else []
        if came and came[-1] > after_s:
            return next(each_s for each_s in came if each_s > after_s)
        time.sleep(0.005)
    raise TimeoutError(f"{log}: nothing was heard; look whether espeak-ng and aplay are installed")


def emotions_ms(folder: Path, env: dict[str, str]) -> list[float]:
    """Return the milliseconds from the event of each emotion to its first sound."""
    child = started(SCRIPT, env)
    assert child.stdout is not None
    taken = []
    for line in child.stdout:
        now = time.monotonic()
        event = json.loads(line)
        if event["type"] == "said" and event["priority"] == "emotion" and not event.keys() & {"dropped", "cut"}:
            taken.append(1000 * (first_sound_s(folder / "log", now) - now))
    child.wait()
    return taken


def answers_ms(folder: Path, env: dict[str, str], script: str) -> list[float]:
    """Return the milliseconds from each question to the first sound of its answer."""
    child = started(script, env)
    time.sleep(STARTED_S)
    taken = []
    for _ in range(QUESTIONS):
        asked_s = time.monotonic()
        send(Command.TELL, folder / SOCKET_NAME)
        taken.append(1000 * (first_sound_s(folder / "log", asked_s) - asked_s))
        time.sleep(ASKED_EVERY_S)
    send(Command.STOP, folder / SOCKET_NAME)
    child.communicate()
    return taken


def unrendered_ms(folder: Path, env: dict[str, str], rendered: RenderedPhrases, phrases: Phrases) -> list[float]:
    """Return the milliseconds from each question to the tone that stands for an answer which cannot be rendered."""
    (phrase_folder() / f"{rendered.key(phrases.all()[NOBODY_ANSWER])}.wav").unlink()
    return answers_ms(folder, with_hanging_engine(folder, env), NOBODY)


def measurements(folder: Path) -> Iterator[tuple[str, Callable[[], list[float]], int]]:
    """Yield what is measured, the function that measures it, and its limit in milliseconds."""
    env = environment(folder)
    os.environ["CACHE_DIRECTORY"] = str(folder)
    phrases = Phrases.load("en")
    rendered = render_all(phrases)
    yield "from an emotion to its sound", partial(emotions_ms, folder, env), EMOTION_LIMIT_MS
    yield "from a question to its answer", partial(answers_ms, folder, env, STEADY), ANSWER_LIMIT_MS
    yield "the same while the camera hangs", partial(answers_ms, folder, env, STALLED), ANSWER_LIMIT_MS
    unrendered = partial(unrendered_ms, folder, env, rendered, phrases)
    yield "the same while the engine hangs", unrendered, ANSWER_LIMIT_MS


def main() -> int:
    """Print the medians; return 1 when a median is over its limit."""
    benchmark_parser(__doc__).parse_args()
    slow = False
    with tempfile.TemporaryDirectory() as name:
        for what, measure, limit_ms in measurements(Path(name)):
            taken = measure()
            median = statistics.median(taken)
            slow |= median > limit_ms
            slowest = f"the slowest of {len(taken)} {max(taken):.1f} ms"
            print(f"{what:<34}{median:7.1f} ms (limit {limit_ms} ms), {slowest}", flush=True)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
