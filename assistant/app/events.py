"""The event hub: what has happened is published once, and every listener gets it."""

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
    """A listener gets every event: a file, the helper's page, a broker."""

    def on_event(self, event: Event) -> None:
        """Take one event; the listener must not keep the loop waiting."""

    def close(self) -> None:
        """No event follows. A second call does nothing."""


class EventHub:
    """The hub hands each event to its listeners, in the order in which they are listed."""

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
