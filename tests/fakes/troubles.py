"""A headset whose speech engine, sound device or cache behaves badly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPT = "empty 1, happy 7, empty 2, surprise 6"
"""Each emotion lasts long enough for eight headsets at once on a busy machine to see it hold."""


@dataclass(frozen=True)
class Trouble:
    """A program on the PATH, or a cache, that behaves badly; `fault` says whether the headset reports it."""

    program: str = ""
    behaviour: str = ""
    cache: str = ""
    fault: bool = True


TROUBLES = {
    "none": Trouble(fault=False),
    "the engine hangs": Trouble("espeak-ng", 'case "$*" in *-w*) exec sleep 60;; *) exec $REAL "$@";; esac'),
    "the engine is killed": Trouble("espeak-ng", 'case "$*" in *-w*) kill -9 $$;; *) exec $REAL "$@";; esac'),
    "the device hangs": Trouble("aplay", 'case "$*" in *null*) exit 0;; *) exec sleep 60;; esac'),
    "the device is busy": Trouble("aplay", 'case "$*" in *null*) exit 0;; *) echo busy >&2; exit 1;; esac'),
    "the device goes away": Trouble(
        "aplay",
        'case "$*" in *null*) exit 0;; esac; [ -e $0.was ] || { touch $0.was; timeout 3 cat >/dev/null; }; '
        "echo gone >&2; exit 1",
    ),
    "the cache cannot be written": Trouble(cache="file", fault=False),
    "the cache is damaged": Trouble(cache="damaged", fault=False),
}


def start(trouble: Trouble, folder: Path, fps: float) -> subprocess.Popen[str]:
    """Start a headset in this trouble, with a simulated camera; it writes its events to standard output."""
    bin_folder, cache = folder / "bin", folder / "cache"
    bin_folder.mkdir(parents=True)
    if trouble.program:
        real = shutil.which(trouble.program)
        script = bin_folder / trouble.program
        script.write_text(f"#!/bin/bash\nREAL={real}\n{trouble.behaviour}\n", encoding="ascii")
        script.chmod(0o755)
    if trouble.cache == "file":
        cache.write_text("no folder", encoding="ascii")
    if trouble.cache == "damaged":
        shutil.copytree(damaged_cache(folder), cache)
    (folder / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
    environment = os.environ | {
        "PATH": f"{bin_folder}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(cache),
        "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
    }
    command = [sys.executable, "-m", "assistant", "run", "--camera", f"simulated:{SCRIPT}", "--fps", f"{fps:g}"]
    return subprocess.Popen(
        [*command, "--voice", "espeak-ng", "--events", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def damaged_cache(folder: Path) -> Path:
    """Make a cache in which every phrase is cut short, and return its folder."""
    made = folder / "made"
    phrases = made / "emotion-assistant" / "phrases"
    environment = os.environ | {"XDG_CACHE_HOME": str(made), "ALSA_CONFIG_PATH": str(folder / "asound.conf")}
    (folder / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
    command = [sys.executable, "-m", "assistant", "say", "--voice", "espeak-ng", "looks happy"]
    subprocess.run(command, env=environment, check=True)
    (whole,) = phrases.glob("**/*.wav")
    whole.write_bytes(whole.read_bytes()[:100])
    return made
