"""How soon the whole program is heard: after an emotion is a fact, and after it is asked, whatever hangs.

    python benchmarks/answer.py

`assistant run` with the simulated camera at its own pace, phrases rendered before; the sound device is ALSA's file
plugin over its null device, which hands all sound to a process that notes when something begins to sound. An emotion's
time is that of its event; a question is asked by `assistant ctl`'s socket. In the last row the answer is not in
the cache and the engine hangs: a tone is what is heard. On a real device the way through its codec is added.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.speech.drivers.engines import VoiceChoice, engine_of
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.phrases import Phrases

EMOTION_LIMIT_MS, ANSWER_LIMIT_MS = 100, 200
SCRIPT = "happy 3, surprise 3, " * 6 + "empty 2"
QUESTIONS = 8
STEADY = "happy 50, empty 1"
STALLED = "empty 1, stall 50, empty 1"
NOBODY, NOBODY_ANSWER = "empty 51", "nobody"
ENGINE = "espeak-ng"
HANGING_ENGINE = 'case "$*" in *-w*) exec sleep 60;; *) exec {real} "$@";; esac'
STARTED_S = 12.0
"""After which all is said that is said at the start."""

ASKED_EVERY_S = 4.0
"""Longer than an answer lasts: one that cuts off another begins without the silence that the sink waits for."""

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
"""Notes when something sounds after a tenth of a second without any."""


def environment(folder: Path) -> dict[str, str]:
    """The sink as the default device; cache and socket in the folder."""
    (folder / "sink.py").write_text(SINK, encoding="ascii")
    command = f"exec {sys.executable} {folder}/sink.py {folder}/log"
    (folder / "sink.sh").write_text(f"#!/bin/sh\n{command}\n", encoding="ascii")
    (folder / "sink.sh").chmod(0o755)
    (folder / "asound.conf").write_text(
        "</usr/share/alsa/alsa.conf>\n"
        'pcm.!default { type plug slave { pcm "sink" rate 22050 format S16_LE channels 2 } }\n'
        f'pcm.sink {{ type file slave.pcm "null" file "| {folder}/sink.sh" format "raw" }}\n',
        encoding="ascii",
    )
    folders = {name: str(folder) for name in ("CACHE_DIRECTORY", "RUNTIME_DIRECTORY")}
    return os.environ | folders | {"ALSA_CONFIG_PATH": str(folder / "asound.conf")}


def render_all(phrases: Phrases) -> RenderedPhrases:
    """Fill the cache, as the headset does when it has nothing else to do."""
    choice = VoiceChoice(ENGINE, language=phrases.voice.espeak, rate_wpm=phrases.voice.rate_wpm)
    rendered = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), VoiceStatus())
    for text in phrases.finite():
        rendered.sound(text, threading.Event())
    return rendered


def with_hanging_engine(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """The same, but nothing more can be rendered."""
    engine = folder / "hanging" / ENGINE
    engine.parent.mkdir()
    engine.write_text("#!/bin/sh\n" + HANGING_ENGINE.format(real=shutil.which(ENGINE)), encoding="ascii")
    engine.chmod(0o755)
    return env | {"PATH": f"{engine.parent}:{env['PATH']}"}


def started(script: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """The program, its camera playing the script."""
    command = [
        sys.executable,
        "-m",
        "assistant",
        "run",
        "--camera",
        f"simulated:{script}",
        "--control",
        "--events",
        "-",
    ]
    return subprocess.Popen([*command, "--voice", ENGINE], stdout=subprocess.PIPE, text=True, env=environment)


def first_sound_s(log: Path, after_s: float) -> float:
    """When something first sounded after a moment; waits for it."""
    for _ in range(1000):
        came = [float(line) for line in log.read_text(encoding="ascii").split("\n")[:-1]] if log.exists() else []
        if came and came[-1] > after_s:
            return next(each_s for each_s in came if each_s > after_s)
        time.sleep(0.005)
    raise TimeoutError("nothing was heard")


def emotions_ms(folder: Path, env: dict[str, str]) -> list[float]:
    """From each emotion's event to the first sound."""
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
    """From each question to the first sound of its answer."""
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
    """The same of an answer that is not in the cache, and never will be."""
    (phrase_folder() / f"{rendered.key(phrases.all()[NOBODY_ANSWER])}.wav").unlink()
    return answers_ms(folder, with_hanging_engine(folder, env), NOBODY)


def main() -> int:
    """Print the medians; 1 when one is over its limit."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    slow = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder)
        os.environ["CACHE_DIRECTORY"] = name
        phrases = Phrases.load("en")
        rendered = render_all(phrases)
        measured: Sequence[tuple[str, Callable[[], list[float]], int]] = (
            ("from an emotion to its sound", partial(emotions_ms, folder, env), EMOTION_LIMIT_MS),
            ("from a question to its answer", partial(answers_ms, folder, env, STEADY), ANSWER_LIMIT_MS),
            ("the same while the camera hangs", partial(answers_ms, folder, env, STALLED), ANSWER_LIMIT_MS),
            (
                "the same while the engine hangs",
                partial(unrendered_ms, folder, env, rendered, phrases),
                ANSWER_LIMIT_MS,
            ),
        )
        for what, measure, limit_ms in measured:
            taken = measure()
            median = statistics.median(taken)
            slow |= median > limit_ms
            print(
                f"{what:<34}{median:7.1f} ms (limit {limit_ms}), {max(taken):.1f} at most, of {len(taken)}", flush=True
            )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
