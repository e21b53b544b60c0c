"""A child process that renders one phrase with pyttsx3: `python -m assistant.adapters.render_speech`.

It takes language, words a minute, volume, text and the WAV file to write. pyttsx3 may hang or lose a phrase that
follows another (nateshmbhat/pyttsx3#403, #408), so each phrase has a process of its own, which can be killed.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Render; exit 1 when the engine says that it cannot."""
    language, rate_wpm, volume, text, path = sys.argv[1:]
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", language)
    engine.setProperty("rate", int(rate_wpm))
    engine.setProperty("volume", float(volume))
    engine.save_to_file(text, path)
    engine.runAndWait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
