"""Sound for a benchmark: devices that need no sound card, and phrases that are rendered before the measurement."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from assistant.speech.drivers.engine import VoiceChoice, engine_of
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.phrases import Phrases

ENGINE = "espeak-ng"


def write_recording_device(folder: Path, recorder: str) -> dict[str, str]:
    """Write a sound device that hands all its sound to a Python program, in place of a sound card.

    ALSA's file plugin, over ALSA's null device, pipes the sound to `recorder`: int16 at 22,050 Hz, two channels. The
    program reads it from standard input; its first argument is the file `log` in the folder.

    Returns:
        The environment variable that makes this the default device of a process.
    """
    (folder / "recorder.py").write_text(recorder, encoding="ascii")
    command = f"exec {sys.executable} {folder}/recorder.py {folder}/log"
    (folder / "recorder.sh").write_text(f"#!/bin/sh\n{command}\n", encoding="ascii")
    (folder / "recorder.sh").chmod(0o755)
    (folder / "asound.conf").write_text(
        "</usr/share/alsa/alsa.conf>\n"
        'pcm.!default { type plug slave { pcm "sink" rate 22050 format S16_LE channels 2 } }\n'
        f'pcm.sink {{ type file slave.pcm "null" file "| {folder}/recorder.sh" format "raw" }}\n',
        encoding="ascii",
    )
    return {"ALSA_CONFIG_PATH": str(folder / "asound.conf")}


def prepare_silent_headset(folder: Path) -> None:
    """Give this process and its children a null sound device, folders of their own, and all phrases rendered."""
    (folder / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
    os.environ |= {name: str(folder) for name in ("CACHE_DIRECTORY", "RUNTIME_DIRECTORY", "STATE_DIRECTORY")}
    os.environ["ALSA_CONFIG_PATH"] = str(folder / "asound.conf")
    render_all(Phrases.load("en"))


def render_all(phrases: Phrases) -> RenderedPhrases:
    """Fill the phrase cache, as the headset does while it is idle."""
    choice = VoiceChoice(ENGINE, language=phrases.voice.espeak, rate_wpm=phrases.voice.rate_wpm)
    rendered = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), VoiceStatus())
    for text in phrases.finite():
        rendered.sound(text, threading.Event())
    return rendered
