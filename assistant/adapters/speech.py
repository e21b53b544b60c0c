"""Rendering a phrase to a WAV file and playing it, each in a process that can be killed at any moment."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.adapters import render_speech
from assistant.errors import SpeechError
from assistant.settings import VoiceSettings

LIBRARY = "libespeak-ng.so.1"
RENDER_TIMEOUT_S = 10.0
PLAY_TIMEOUT_S = 30.0
POLL_S = 0.01
INSTALL_HINT = "sudo apt install espeak-ng libespeak-ng1 alsa-utils"


def check_engine() -> None:
    """Raise SpeechError when espeak-ng's library is missing."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise SpeechError(f"espeak-ng cannot be loaded ({error}): {INSTALL_HINT}") from error


def check_sound_device() -> None:
    """Raise SpeechError when no sound can be played: open the default device, and play nothing."""
    if shutil.which("aplay") is None:
        raise SpeechError(f"aplay is not installed: {INSTALL_HINT}")
    command = ["aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", "22050", os.devnull]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except subprocess.TimeoutExpired:
        raise SpeechError("the sound device does not answer: is another program using it?") from None
    if tried.returncode:
        reason = tried.stderr.strip().splitlines()
        raise SpeechError(f"no sound device ({reason[-1] if reason else 'aplay failed'}): is one plugged in?")


class PhraseRenderer:
    """Renders phrases with pyttsx3 into a folder of its own; a phrase that was rendered before is kept."""

    def __init__(self, settings: VoiceSettings) -> None:
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="emotion-assistant-")
        self._rendered: dict[str, Path] = {}

    def render(self, text: str, cancelled: threading.Event) -> Path | None:
        """The phrase as a WAV file, None when cancelled; SpeechError when the engine fails or takes too long."""
        if text not in self._rendered:
            target = Path(self._folder.name) / f"{len(self._rendered):04d}.wav"
            voice = self._settings
            command = [sys.executable, "-P", render_speech.__file__]  # not from the folder that it is run in
            command += [voice.language, str(voice.rate_wpm), str(voice.volume), text, str(target)]
            if not run_until(command, cancelled, RENDER_TIMEOUT_S, "pyttsx3"):
                return None
            self._rendered[text] = target
        return self._rendered[text]

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


def play(sound: Path, cancelled: threading.Event) -> None:
    """Play a WAV file on the default device, until its end or until cancelled; SpeechError when that fails."""
    run_until(["aplay", "-q", str(sound)], cancelled, PLAY_TIMEOUT_S, "aplay")


def run_until(command: Sequence[str], cancelled: threading.Event, timeout_s: float, name: str) -> bool:
    """Run a command as a process group that is killed when cancelled or when its time is over.

    Returns False when it was cancelled; raises SpeechError when it failed or took too long.
    """
    with tempfile.TemporaryFile() as errors:
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
            )
        except OSError as error:
            raise SpeechError(f"{name} cannot be started: {error}; {INSTALL_HINT}") from error
        try:
            _wait(child, cancelled, timeout_s)
            if child.poll() is None and not cancelled.is_set():
                raise SpeechError(f"{name} took more than {timeout_s:g} seconds and was ended")
        finally:
            _kill_group(child)
        if cancelled.is_set():
            return False
        if child.returncode:
            raise SpeechError(f"{name} failed: {_last_line(errors)}")
    return True


def _wait(child: subprocess.Popen[bytes], cancelled: threading.Event, timeout_s: float) -> None:
    for _ in range(int(timeout_s / POLL_S)):
        if child.poll() is not None or cancelled.wait(POLL_S):
            return


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _last_line(errors: object) -> str:
    errors.seek(0)  # type: ignore[attr-defined]  # a file: tempfile's own type is private
    lines = errors.read().decode(errors="replace").strip().splitlines()  # type: ignore[attr-defined]
    return str(lines[-1]) if lines else "it said nothing"
