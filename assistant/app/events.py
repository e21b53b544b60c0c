"""The event hub: an event is published once, and every listener gets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at `t_s` seconds; docs/how-it-works.md lists the kinds and their fields."""

    t_s: float
    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)


class EventListener(Protocol):
    """Takes every event, for example to write it to a file, or to show it on the helper's page."""

    def on_event(self, event: Event) -> None:
        """Take one event; this must return at once, because the loop waits for it."""

    def close(self) -> None:
        """Close the listener; no event follows. A second call does nothing."""


class EventHub:
    """Hands each event to all listeners, in the order in which they are listed."""

    def __init__(self, listeners: Iterable[EventListener] = ()) -> None:
        self._listeners = tuple(listeners)

    def write(self, t_s: float, kind: str, **fields: Any) -> None:
        """Publish an event that happened at `t_s` seconds."""
        event = Event(t_s, kind, fields)
        for each in self._listeners:
            each.on_event(event)

    def close(self) -> None:
        """Close every listener."""
        for each in self._listeners:
            each.close()
