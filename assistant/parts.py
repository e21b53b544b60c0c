"""What the loop joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.announcer import Announcement, Announcer
from assistant.attendant import Attendant
from assistant.debounce import Debouncer
from assistant.health_watch import Machine
from assistant.ports import Clock, FrameSink
from assistant.sight import Looking
from assistant.speech import Speech


@dataclass(slots=True)
class Parts:
    """What the loop joins."""

    sight: Looking
    debouncer: Debouncer
    announcer: Announcer
    speech: Speech
    attendant: Attendant
    clock: Clock
    machine: Machine
    is_live: bool = True
    """Whether a camera that is gone is a fault to tell of; a recording that cannot be read is a mistake."""
    sinks: Sequence[FrameSink] = ()
    turn_s: float = 0.02
    """So long may a turn wait for something to be seen; a stop or a press is taken up within it."""
    duration_s: float | None = None
    notices: Sequence[Announcement] = ()
    """Said first, one after the other."""
    remarks: Sequence[str] = ()
    """Logged once the camera is asked for."""
