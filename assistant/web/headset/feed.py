"""What the headset's loop hands to the page: frames while somebody looks, and what has happened."""

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
from assistant.emotion.debounce import State
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import Emotion
from assistant.frame import Frame
from assistant.web.headset.latest import Latest

MOST_ENTRIES = 40
RATE_OVER_S = 5.0


@dataclass(slots=True)
class Snapshot:
    """A frame with what was seen in it; it goes when the next one comes."""

    frame: Frame
    face: ClassifiedFace | None
    stable: Emotion | None
    state: State
    picture: bytes = b""
    """The frame as a JPEG, once somebody wanted it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, in words."""

    number: int
    at: str
    """The time of day."""
    kind: str
    text: str


@dataclass(slots=True)
class Counts:
    """Since the start."""

    frames: int = 0
    said: int = 0
    faces: int = 0
    faults: Counter[str] = field(default_factory=Counter)


class Feed:
    """A sink of frames and a listener of events; all but `look` and `leave` may be called by the headset's thread."""

    def __init__(self, fps: float, most_lookers: int, on_close: Callable[[], None] = lambda: None) -> None:
        """Hand on at most `fps` frames a second to at most `most_lookers` streams of a kind; `on_close` at the end."""
        self._on_close = on_close
        self._pause_s = 1.0 / fps
        self._most_lookers = most_lookers
        self._lookers: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._shown_s = self._seen_s = float("-inf")
        self._times_s: deque[float] = deque(maxlen=1000)
        self.counts = Counts()
        self.entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self.snapshot: Snapshot | None = None
        self.news = Latest()

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on tell this loop."""
        self._loop = loop

    def look(self, kind: str) -> bool:
        """Somebody wants a stream of this kind; whether there is room."""
        if self._lookers[kind] >= self._most_lookers:
            return False
        self._lookers[kind] += 1
        return True

    def leave(self, kind: str) -> None:
        """Somebody looks no more; after the last one no frame is kept."""
        self._lookers[kind] -= 1
        if not self.lookers:
            self.snapshot = None

    @property
    def lookers(self) -> int:
        """How many streams there are."""
        return self._lookers.total()

    def show(self, frame: Frame, face: ClassifiedFace | None, stable: Emotion | None, state: State) -> None:
        """Count a frame; hand it on only while somebody looks, and not too often."""
        now = time.monotonic()
        self.counts.frames += 1
        self._seen_s = now
        self._times_s.append(now)
        if not self.lookers or now - self._shown_s < self._pause_s:
            return
        self._shown_s = now
        snapshot = Snapshot(frame, face, stable, state)
        self._call(lambda: self._take(snapshot))

    def close(self) -> None:
        """Nothing more comes."""
        self._on_close()

    def note(self, kind: str, text: str) -> None:
        """Something happened."""
        at = time.strftime("%H:%M:%S")
        self._call(lambda: self._add(at, kind, text))

    def on_event(self, event: Event) -> None:
        """Count an event of the headset, and note it in words."""
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
        """Over the last seconds."""
        now = time.monotonic()
        recent = sum(now - each < RATE_OVER_S for each in tuple(self._times_s))
        return round(recent / RATE_OVER_S, 1)

    def silent_s(self) -> float:
        """How long ago the last frame was seen."""
        return time.monotonic() - self._seen_s

    def _call(self, task: Callable[[], None]) -> None:
        loop = self._loop
        if loop is None:
            task()  # nobody is served yet
        else:
            tell(loop, task)

    def _take(self, snapshot: Snapshot) -> None:
        if self.lookers:
            self.snapshot = snapshot
            self.news.tell()

    def _add(self, at: str, kind: str, text: str) -> None:
        number = self.entries[-1].number + 1 if self.entries else 1
        self.entries.append(Entry(number, at, kind, text))
        self.news.tell()


def tell(loop: asyncio.AbstractEventLoop, task: Callable[[], None]) -> None:
    """Let the page's loop do this; nothing where the page has ended, which is not the headset's concern."""
    with contextlib.suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(task)


def event_text(kind: str, fields: Mapping[str, Any]) -> str:
    """An event in words, empty for those that nobody needs to read."""
    if kind == "said":
        lost = " (cut off)" if "cut" in fields else " (not said)" if "dropped" in fields else ""
        return f"{fields['text']}{lost}"
    if kind == "fault":
        return f"{fields['fault']}".replace("_", " ") + (f": {fields['message']}" if "message" in fields else "")
    if kind == "emotion":
        return f"{fields['emotion']}, {fields['confidence']:.0%}"
    return f"a face {fields['face']}" if kind == "face" else ""


class Watched:
    """A button or another control, whose presses the page shows."""

    def __init__(self, controls: Controls, feed: Feed) -> None:
        self._controls = controls
        self._feed = feed

    def take(self) -> list[Input]:
        """What has come."""
        inputs = self._controls.take()
        for each in inputs:
            if isinstance(each, Edge):
                self._feed.note("button", "the button is down" if each.pressed else "the button is up")
        return inputs

    def close(self) -> None:
        """Let go of it."""
        self._controls.close()
