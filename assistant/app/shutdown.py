"""Ends the service: says the last phrase, and closes every component even if one of them fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack

from assistant.app.components import Components
from assistant.speech.announcement import Announcement, Priority

LAST_WORDS_S = 5.0
"""After the end, the last phrases may take this many seconds."""

STOP_PHRASE_S = 0.8
"""After a stop, the last phrase may take this many seconds; systemd waits a little longer."""

TURN_S = 0.05
"""How long the program waits before it asks again whether the voice still speaks."""

STOPPING = Announcement(("stopping",), Priority.FAULT, "end")


def drain_speech(components: Components, stop: threading.Event, *, to_the_last: bool) -> None:
    """Wait until the present phrase has ended; with `to_the_last` also say everything that waits in the queue."""
    clock, voice = components.clock, components.voice
    until_s = clock.now() + LAST_WORDS_S
    while clock.now() < until_s and not stop.is_set():
        if to_the_last:
            voice.step(clock.now())
        if not voice.is_speaking():
            return
        clock.wait(TURN_S)


def announce_stop(components: Components) -> None:
    """Say that the program stops: from now on, silence does not mean that nothing has changed."""
    clock, voice = components.clock, components.voice
    now = clock.now()
    voice.muted = False
    voice.silence(now)
    voice.end(now)
    voice.enqueue(STOPPING, now)
    voice.step(now)
    while voice.is_speaking() and clock.now() < now + STOP_PHRASE_S:
        clock.wait(TURN_S)


def close_all(components: Components, last: Callable[[], None], *, finish: bool) -> None:
    """Close every component, even if closing one fails; then call `last` and close the events.

    With `finish` the present phrase is finished; otherwise it is cut off.
    """
    with ExitStack() as closing:  # runs from the last line to the first
        closing.callback(components.events.close)
        closing.callback(last)
        for sink in components.sinks:
            closing.callback(sink.close)
        closing.callback(components.haptics.close)
        closing.callback(components.battery.close)
        closing.callback(components.command_handler.close)
        closing.callback(components.voice.speaker.close, finish=finish)
        closing.callback(components.voice.end, components.clock.now())
        closing.callback(components.vision.close)
        closing.callback(components.settings_writer.flush)
