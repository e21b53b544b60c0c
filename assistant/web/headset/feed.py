"""Hands frames and events from the headset's loop to the page; frames only while somebody views them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.app.events import Event
from assistant.controls.commands import Controls, Edge, Input
from assistant.emotion.debouncing.transitions import State
from assistant.emotion.movements import Movement
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import Emotion
from assistant.face.attention import Attention
from assistant.frame import Frame
from assistant.web.headset.latest import Latest

LOOKS: Mapping[str, str] = {
    Attention.AT_YOU: "maybe looks at the wearer",
    Attention.LEFT: "looks to the left of the picture",
    Attention.RIGHT: "looks to the right of the picture",
}
MOVEMENTS: Mapping[str, str] = {
    Movement.SMILE: "smiles",
    Movement.FROWN: "frowns",
    Movement.BROWS_RAISED: "raises their brows",
    Movement.MOUTH_OPEN: "mouth open",
}
MOST_ENTRIES = 40
RATE_OVER_S = 5.0


@dataclass(slots=True)
class Snapshot:
    """A frame and what was seen in it. It is dropped when the next one comes."""

    frame: Frame
    face: ClassifiedFace | None
    stable: Emotion | None
    state: State
    picture: bytes = b""
    """The frame as a JPEG; empty until the first viewer needs it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in words."""

    number: int
    at: str
    """The time of day, as HH:MM:SS."""
    kind: str
    text: str


@dataclass(slots=True)
class Counts:
    """How much there was since the start."""

    frames: int = 0
    said: int = 0
    faces: int = 0
    faults: Counter[str] = field(default_factory=Counter)


class Feed:
    """A sink of frames and a listener of events.

    The headset's thread may call every method except `add_viewer` and `remove_viewer`, which belong to the page's loop.
    """

    def __init__(
        self,
        fps: float,
        most_viewers: int,
        on_close: Callable[[], None] = lambda: None,
        on_viewers: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Hand on at most `fps` frames a second to at most `most_viewers` streams of a kind.

        `on_close` is called at the end, and `on_viewers` with each new number of streams.
        """
        self._on_viewers = on_viewers
        self._on_close = on_close
        self._pause_s = 1.0 / fps
        self._most_viewers = most_viewers
        self._viewers: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._shown_s = self._seen_s = float("-inf")
        self._times_s: deque[float] = deque(maxlen=1000)
        self.counts = Counts()
        self.entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self.snapshot: Snapshot | None = None
        self.latest = Latest()

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand everything to this loop from now on."""
        self._loop = loop

    def add_viewer(self, kind: str) -> bool:
        """Count a viewer of a stream of this kind; return False when all seats are taken."""
        if self._viewers[kind] >= self._most_viewers:
            return False
        self._viewers[kind] += 1
        self._on_viewers(self.viewers)
        return True

    def remove_viewer(self, kind: str) -> None:
        """Give a viewer's seat back; after the last viewer no frame is kept."""
        self._viewers[kind] -= 1
        if not self.viewers:
            self.snapshot = None
        self._on_viewers(self.viewers)

    @property
    def viewers(self) -> int:
        """How many streams are open."""
        return self._viewers.total()

    def show(self, frame: Frame, face: ClassifiedFace | None, stable: Emotion | None, state: State) -> None:
        """Count a frame, and hand it on while there are viewers, at most `fps` times a second."""
        now = time.monotonic()
        self.counts.frames += 1
        self._seen_s = now
        self._times_s.append(now)
        if not self.viewers or now - self._shown_s < self._pause_s:
            return
        self._shown_s = now
        snapshot = Snapshot(frame, face, stable, state)
        self._call(lambda: self._take(snapshot))

    def close(self) -> None:
        """End the feed: no more frames come."""
        self._on_close()

    def note(self, kind: str, text: str) -> None:
        """Add an entry for something that happened now."""
        at = time.strftime("%H:%M:%S")
        self._call(lambda: self._add(at, kind, text))

    def on_event(self, event: Event) -> None:
        """Count an event of the headset, and add an entry when people should read it."""
        kind, fields = event.kind, event.fields
        if kind == "said" and not fields.keys() & {"dropped", "cut"}:
            self.counts.said += 1
        elif kind == "face":
            self.counts.faces += fields["face"] == "appeared"
        elif kind == "fault":
            self.counts.faults[str(fields["fault"])] += 1
        text = event_text(kind, fields)
        if text:
            self.note(kind, text)

    def pictures_a_second(self) -> float:
        """Return the frames a second over the last `RATE_OVER_S` seconds."""
        now = time.monotonic()
        recent = sum(now - each < RATE_OVER_S for each in tuple(self._times_s))
        return round(recent / RATE_OVER_S, 1)

    def silent_s(self) -> float:
        """Return how many seconds ago the last frame came."""
        return time.monotonic() - self._seen_s

    def _call(self, task: Callable[[], None]) -> None:
        loop = self._loop
        if loop is None:
            task()  # the page is not served yet
        else:
            call_in(loop, task)

    def _take(self, snapshot: Snapshot) -> None:
        if self.viewers:
            self.snapshot = snapshot
            self.latest.advance()

    def _add(self, at: str, kind: str, text: str) -> None:
        number = self.entries[-1].number + 1 if self.entries else 1
        self.entries.append(Entry(number, at, kind, text))
        self.latest.advance()


def call_in(loop: asyncio.AbstractEventLoop, task: Callable[[], None]) -> None:
    """Let the page's loop do a task soon; do nothing when the page has ended, because the headset runs on."""
    with contextlib.suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(task)


def event_text(kind: str, fields: Mapping[str, Any]) -> str:
    """Return an event in words; empty for an event that nobody needs to read."""
    if kind == "said":
        lost = " (cut off)" if "cut" in fields else " (not said)" if "dropped" in fields else ""
        return f"{fields['text']}{lost}"
    if kind == "fault":
        return f"{fields['fault']}".replace("_", " ") + (f": {fields['message']}" if "message" in fields else "")
    if kind == "emotion":
        return f"{fields['emotion']}, {fields['confidence']:.0%}"
    if kind == "attention":
        return LOOKS.get(fields["attention"], "")
    if kind == "movement":
        return MOVEMENTS[fields["movement"]] if fields["begun"] else ""
    return f"a face {fields['face']}" if kind == "face" else ""


class Watched:
    """A button or another control whose presses the page shows."""

    def __init__(self, controls: Controls, feed: Feed) -> None:
        self._controls = controls
        self._feed = feed

    def take(self) -> list[Input]:
        """Return the inputs since the last call, and note the presses among them."""
        inputs = self._controls.take()
        for each in inputs:
            if isinstance(each, Edge):
                self._feed.note("button", "the button is down" if each.pressed else "the button is up")
        return inputs

    def close(self) -> None:
        """Close the control."""
        self._controls.close()
