"""A listener that keeps the events."""

from __future__ import annotations

from assistant.app.events import Event


class KeptEvents:
    """Keeps every event in the order in which it was published."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closed = 0

    def on_event(self, event: Event) -> None:
        """Keep the event."""
        self.events.append(event)

    def close(self) -> None:
        """Count how often the listener was closed."""
        self.closed += 1
