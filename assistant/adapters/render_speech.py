"""A child process that renders one phrase with pyttsx3: `python -m assistant.adapters.render_speech`.

It takes language, words a minute, volume, text and the WAV file to write. pyttsx3 may hang or lose a phrase that
follows another (nateshmbhat/pyttsx3#403, #408), so each phrase has a process of its own, which can be killed.
"""

from __future__ import annotations

import sys
import time
import wave
from pathlib import Path

ATTEMPTS = 20
PAUSE_S = 0.1


def main() -> int:
    """Render; exit 1 when the engine makes no sound.

    On a slow machine pyttsx3's `runAndWait` returns before it has begun, and goes on when it is called again.
    """
    language, rate_wpm, volume, text, target = sys.argv[1:]
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", language)
    engine.setProperty("rate", int(rate_wpm))
    engine.setProperty("volume", float(volume))
    unfinished = Path(f"{target}.unfinished")
    engine.save_to_file(text, str(unfinished))
    for _ in range(ATTEMPTS):
        engine.runAndWait()
        if has_sound(unfinished):
            unfinished.replace(target)
            return 0
        time.sleep(PAUSE_S)
    print("espeak-ng made no sound", file=sys.stderr)
    return 1


def has_sound(path: Path) -> bool:
    """Whether this is a WAV file with at least one frame."""
    try:
        with wave.open(str(path)) as sound:
            return bool(sound.getnframes())
    except (OSError, EOFError, wave.Error):
        return False


if __name__ == "__main__":
    sys.exit(main())
