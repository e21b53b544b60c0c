"""The feed of the page: what the headset's loop hands to it."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from assistant.app.events import EventHub
from assistant.controls.commands import Command, Edge
from assistant.emotion.debouncing.transitions import State
from assistant.emotion.movements import Movement
from assistant.frame import Frame
from assistant.web.headset.controls import Headset
from assistant.web.headset.feed import MOST_ENTRIES, MOVEMENTS, Feed, Watched, event_text

FRAME = Frame(np.zeros((4, 4), np.uint8), 0.0)


class Pressed:
    """Controls whose button was pressed."""

    def take(self):
        """Return a press, its release and a command."""
        return [Edge(True, 1.0), Edge(False, 1.1), Command.TELL]

    def close(self):
        """Do nothing."""


def test_no_frame_is_kept_while_nobody_looks():
    """Without a viewer the frames are only counted, and no frame is kept after the last viewer has gone."""
    feed = Feed(fps=1000.0, most_viewers=2)
    feed.show(FRAME, None, None, State.NOBODY)
    assert feed.snapshot is None
    assert feed.add_viewer("pictures")
    feed.show(FRAME, None, None, State.NOBODY)
    assert feed.snapshot is not None
    feed.remove_viewer("pictures")
    assert feed.snapshot is None
    assert feed.counts.frames == 2


def test_no_more_frames_are_shown_than_were_asked_for():
    """A frame within the pause of the viewer's rate is not kept."""
    feed = Feed(fps=0.5, most_viewers=1)
    feed.add_viewer("pictures")
    feed.show(FRAME, None, None, State.NOBODY)
    first = feed.snapshot
    feed.show(FRAME, None, None, State.NOBODY)
    assert feed.snapshot is first


def test_there_are_seats_for_each_kind():
    """A viewer's pictures and events are two streams, each with its own limit."""
    feed = Feed(fps=1.0, most_viewers=1)
    assert feed.add_viewer("pictures")
    assert feed.add_viewer("events")
    assert not feed.add_viewer("pictures")
    assert feed.viewers == 2


def test_the_number_of_viewers_is_handed_on():
    """Each stream that begins or ends gives the new number; one that finds no seat gives none."""
    numbers = []
    feed = Feed(fps=1.0, most_viewers=1, on_viewers=numbers.append)
    for kind in ("pictures", "events", "events"):
        feed.add_viewer(kind)
    for kind in ("events", "pictures"):
        feed.remove_viewer(kind)
    assert numbers == [1, 2, 1, 0]


class Viewed:
    """Stands for a service and its requests: keeps the numbers of viewers."""

    def __init__(self):
        self.requests, self.numbers = self, []

    def set_viewers(self, count):
        """Keep a number."""
        self.numbers.append(count)


def test_who_came_before_the_service_was_known_counts_too():
    """The page is served a moment before it is joined to the service."""
    headset, service = Headset(8.0, 1), Viewed()
    headset.feed.add_viewer("pictures")
    headset.join(service, CountingServer())
    headset.feed.remove_viewer("pictures")
    assert service.numbers == [1, 0]


def test_events_are_counted_and_noted():
    """Events are counted, and become entries in words."""
    feed = Feed(1.0, 1)
    events = EventHub([feed])
    events.write(1.0, "said", text="looks happy", priority="emotion")
    events.write(2.0, "said", text="looks sad", priority="emotion", dropped=True)
    events.write(3.0, "fault", fault="camera_lost")
    events.write(4.0, "end", frames=3)
    assert [entry.text for entry in feed.entries] == ["looks happy", "looks sad (not said)", "camera lost"]
    assert (feed.counts.said, feed.counts.faults) == (1, {"camera_lost": 1})
    for _ in range(MOST_ENTRIES):
        feed.note("button", "x")
    assert len(feed.entries) == MOST_ENTRIES
    assert feed.entries[-1].number == MOST_ENTRIES + 3


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("said", {"text": "ready", "cut": True}, "ready (cut off)"),
        ("fault", {"fault": "voice", "message": "no device"}, "voice: no device"),
        ("emotion", {"emotion": "sad", "confidence": 0.914}, "sad, 91%"),
        ("face", {"face": "lost"}, "a face lost"),
        ("tone", {"tone": "found"}, ""),
        ("attention", {"attention": "at_you"}, "maybe looks at the wearer"),
        ("attention", {"attention": "left"}, "looks to the left of the picture"),
        ("attention", {"attention": "right"}, "looks to the right of the picture"),
        ("attention", {"attention": "unknown"}, ""),
        *[("movement", {"movement": str(each), "begun": True}, MOVEMENTS[each]) for each in Movement],
        ("movement", {"movement": "smile", "begun": False}, ""),
    ],
)
def test_an_event_is_told_in_words(kind, fields, words):
    """An event that is no news has no words."""
    assert event_text(kind, fields) == words


def test_presses_are_shown_and_handed_on():
    """Presses become entries; commands do not, and both reach the headset."""
    feed = Feed(1.0, 1)
    assert len(Watched(Pressed(), feed).take()) == 3
    assert [entry.text for entry in feed.entries] == ["the button is down", "the button is up"]


def test_who_is_slow_misses_what_came_in_between():
    """A slow reader gets the newest entry only."""

    async def run():
        feed = Feed(1000.0, 1)
        feed.begin(asyncio.get_running_loop())
        feed.add_viewer("events")
        waiting = asyncio.create_task(feed.latest.after(0, 5.0))
        await asyncio.sleep(0)
        for number in range(3):
            feed.note("button", str(number))
        assert await waiting == 3
        assert await feed.latest.after(3, 0.01) == 3

    asyncio.run(run())


def test_a_page_that_has_ended_is_not_the_headsets_concern():
    """After the page's loop has closed, frames, entries and answers are ignored without an error."""
    feed, headset = Feed(1000.0, 1), Headset(1000.0, 1)
    loop = asyncio.new_event_loop()
    for each in (feed, headset.feed):
        each.begin(loop)
        each.add_viewer("pictures")
    asked = loop.create_task(headset.ask(Command.STATUS))
    loop.run_until_complete(asyncio.sleep(0))
    (request,) = headset.among([])[-1].take()
    asked.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    assert asked.cancelled()
    loop.close()
    request.reply({"ok": True})
    feed.show(FRAME, None, None, State.NOBODY)
    feed.note("button", "x")
    feed.close()


class CountingServer:
    """A server that counts how often it is closed."""

    closed = 0

    def close(self):
        """Count."""
        self.closed += 1


def test_the_server_is_closed_once():
    """The feed is closed as a sink and as a listener; waiting twice for a page that hangs would delay the end."""
    headset, server = Headset(8.0, 1), CountingServer()
    headset.join(None, server)
    for _ in range(2):
        headset.feed.close()
    assert server.closed == 1
