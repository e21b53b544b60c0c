"""The event hub: every listener gets every event, and is closed."""

from assistant.app.events import Event, EventHub
from tests.fakes.event_listeners import KeptEvents


def test_every_listener_gets_every_event_in_order():
    """Two listeners get the same events, with the time, the kind and the fields of each."""
    listeners = [KeptEvents(), KeptEvents()]
    hub = EventHub(listeners)
    hub.write(1.0, "face", face="appeared")
    hub.write(2.5, "end")
    for each in listeners:
        assert each.events == [Event(1.0, "face", {"face": "appeared"}), Event(2.5, "end", {})]


def test_closing_the_hub_closes_every_listener():
    """The hub closes both listeners, each of them once."""
    listeners = [KeptEvents(), KeptEvents()]
    EventHub(listeners).close()
    assert [each.closed for each in listeners] == [1, 1]
