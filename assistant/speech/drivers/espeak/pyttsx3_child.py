"""Renders one phrase with pyttsx3; this file is run as a script, in a child process.

The arguments are the voice, the rate in words a minute, and the WAV file to write; the text is standard input. pyttsx3
can hang, or lose a phrase that follows another (nateshmbhat/pyttsx3#403, #408). So each phrase has its own process,
which can be killed.
"""

from __future__ import annotations

import os
import sys
import threading
import wave
from pathlib import Path

FINISHED_TIMEOUT_S = 4.0

WRONG_RATE = 3
"""The exit code when espeak-ng spoke at another rate than was wanted."""

ATTEMPTS = 4


def main() -> int:
    """Render, and return the exit code: 0, or 1 when the voice does not exist or the engine makes no sound.

    In about three of a hundred phrases espeak-ng uses pyttsx3's default, 200 words a minute, instead of the rate that
    was set after it. So there are several attempts, each in its own process.
    """
    voice, rate_wpm, target = sys.argv[1:]
    text = sys.stdin.buffer.read().decode()
    for _ in range(ATTEMPTS):
        child = os.fork()
        if child == 0:
            code = render(text, voice, int(rate_wpm), target)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != WRONG_RATE:
            return code
    print(f"espeak-ng does not take the rate {rate_wpm}", file=sys.stderr)
    return 1


def render(text: str, voice: str, rate_wpm: int, target: str) -> int:
    """Render once, and return the exit code."""
    import pyttsx3

    engine = pyttsx3.init("espeak")
    finished = threading.Event()
    errors: list[Exception] = []  # pyttsx3 does not raise what its driver raises
    engine.connect("error", lambda exception, **_: errors.append(exception))
    engine.connect("finished-utterance", lambda **_: finished.set())
    engine.setProperty("voice", voice)
    engine.setProperty("rate", rate_wpm)
    engine.setProperty("volume", 1.0)  # the player sets the volume
    engine.save_to_file(text, target)
    engine.runAndWait()
    if errors:
        print(f"{errors[0]}; see `assistant voices`", file=sys.stderr)
        return 1
    # On a slow machine runAndWait returns while espeak-ng's own thread still renders and writes.
    if not finished.wait(FINISHED_TIMEOUT_S) or not has_sound(Path(target)):
        print("espeak-ng made no sound", file=sys.stderr)
        return 1
    return 0 if engine.getProperty("rate") == rate_wpm else WRONG_RATE


def has_sound(path: Path) -> bool:
    """Return whether this is a WAV file with at least one frame."""
    try:
        with wave.open(str(path)) as sound:
            return bool(sound.getnframes())
    except (OSError, EOFError, wave.Error):
        return False


if __name__ == "__main__":
    sys.exit(main())
