"""A child process that renders one phrase with pyttsx3, run as a script.

It takes voice, words a minute and the WAV file to write as arguments, and the text as standard input. pyttsx3 may hang
or lose a phrase that follows another (nateshmbhat/pyttsx3#403, #408): each phrase has a process of its own, which can
be killed.
"""

from __future__ import annotations

import os
import sys
import threading
import wave
from pathlib import Path

FINISHED_TIMEOUT_S = 4.0

WRONG_RATE = 3
"""Exit code of a rendering at another rate than was asked for."""

ATTEMPTS = 4


def main() -> int:
    """Render, each attempt in a process of its own; exit 1 when there is no such voice or the engine makes no sound.

    About three times in a hundred espeak-ng takes pyttsx3's own 200 words a minute for the rate that was set after it.
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
    """Render once; the exit code."""
    import pyttsx3

    engine = pyttsx3.init("espeak")
    finished = threading.Event()
    refused: list[Exception] = []  # pyttsx3 swallows what its driver raises
    engine.connect("error", lambda exception, **_: refused.append(exception))
    engine.connect("finished-utterance", lambda **_: finished.set())
    engine.setProperty("voice", voice)
    engine.setProperty("rate", rate_wpm)
    engine.setProperty("volume", 1.0)  # how loud it is played is the player's
    engine.save_to_file(text, target)
    engine.runAndWait()
    if refused:
        print(f"{refused[0]}; see `assistant voices`", file=sys.stderr)
        return 1
    # On a slow machine runAndWait returns while espeak-ng's own thread still renders and writes.
    if not finished.wait(FINISHED_TIMEOUT_S) or not has_sound(Path(target)):
        print("espeak-ng made no sound", file=sys.stderr)
        return 1
    return 0 if engine.getProperty("rate") == rate_wpm else WRONG_RATE


def has_sound(path: Path) -> bool:
    """Whether this is a WAV file with at least one frame."""
    try:
        with wave.open(str(path)) as sound:
            return bool(sound.getnframes())
    except (OSError, EOFError, wave.Error):
        return False


if __name__ == "__main__":
    sys.exit(main())
