"""A child process that renders one phrase with pyttsx3, run as a script.

It takes language, words a minute, volume, text and the WAV file to write. pyttsx3 may hang or lose a phrase that
follows another (nateshmbhat/pyttsx3#403, #408), so each phrase has a process of its own, which can be killed.
"""

from __future__ import annotations

import sys
import threading
import wave
from pathlib import Path

FINISHED_TIMEOUT_S = 8.0


def main() -> int:
    """Render; exit 1 when the engine makes no sound."""
    language, rate_wpm, volume, text, target = sys.argv[1:]
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", language)
    engine.setProperty("rate", int(rate_wpm))
    engine.setProperty("volume", float(volume))
    finished = threading.Event()
    engine.connect("finished-utterance", lambda **_: finished.set())
    unfinished = Path(f"{target}.unfinished")
    engine.save_to_file(text, str(unfinished))
    engine.runAndWait()
    # On a slow machine that returns while espeak-ng's own thread still renders and writes.
    if not finished.wait(FINISHED_TIMEOUT_S) or not has_sound(unfinished):
        print("espeak-ng made no sound", file=sys.stderr)
        return 1
    unfinished.replace(target)
    return 0


def has_sound(path: Path) -> bool:
    """Whether this is a WAV file with at least one frame."""
    try:
        with wave.open(str(path)) as sound:
            return bool(sound.getnframes())
    except (OSError, EOFError, wave.Error):
        return False


if __name__ == "__main__":
    sys.exit(main())
