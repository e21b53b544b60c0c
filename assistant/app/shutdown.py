"""How the loop ends: what is said at last, and that everything is let go whatever fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack

from assistant.app.components import Components
from assistant.speech.announcement import Announcement, Priority

LAST_WORDS_S = 5.0
"""A phrase may be finished for this long after the end."""

LEAVE_S = 0.8
"""So long may the last word take once the program was told to stop; systemd waits a little longer."""

STOPPING = Announcement(("stopping",), Priority.FAULT, "end")


def drain_speech(parts: Components, stop: threading.Event, *, to_the_last: bool) -> None:
    """Let what sounds be finished; and, where somebody waits for it, what still waits be said."""
    clock, speech = parts.clock, parts.speech
    until_s = clock.now() + LAST_WORDS_S
    while clock.now() < until_s and not stop.is_set():
        if to_the_last:
            speech.step(clock.now())
        if not speech.is_speaking():
            return
        clock.wait(parts.turn_s)


def announce_stop(parts: Components) -> None:
    """Somebody else stops the program: the wearer must know that the silence now means nothing."""
    clock, speech = parts.clock, parts.speech
    now = clock.now()
    speech.muted = False
    speech.silence(now)
    speech.end(now)
    speech.enqueue(STOPPING, now)
    speech.step(now)
    while speech.is_speaking() and clock.now() < now + LEAVE_S:
        clock.wait(parts.turn_s)


def close_all(parts: Components, last: Callable[[], None], *, finish: bool) -> None:
    """Close every part, whatever fails; then do the last thing."""
    with ExitStack() as closing:  # runs from the last line to the first
        closing.callback(parts.speech.events.close)
        closing.callback(last)
        for sink in parts.sinks:
            closing.callback(sink.close)
        closing.callback(parts.command_handler.close)
        closing.callback(parts.speech.speaker.close, finish=finish)
        closing.callback(parts.speech.end, parts.clock.now())
        closing.callback(parts.vision.close)
        closing.callback(parts.settings_writer.flush)
