"""What the headset sees, while somebody looks: pictures one after the other, and events beside them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.emotions import EMOTIONS
from assistant.web.cameras.aim import aim
from assistant.web.cameras.pictures import boxed
from assistant.web.headset.feed import Feed, Snapshot
from assistant.web.site import render, site_of
from assistant.web.snapshot import face_fields

STILL_HERE_S = 10.0
BOUNDARY = "picture"
END = f"\r\n--{BOUNDARY}\r\n".encode()
EVENTS, PICTURES = "text/event-stream", f"multipart/x-mixed-replace; boundary={BOUNDARY}"


async def show(request: Request) -> Response:
    """The page; it looks only when it is asked to."""
    headset = site_of(request).headset
    entries = [] if headset is None else list(headset.feed.entries)[::-1]
    looking = headset is not None and "look" in request.query_params
    return render(request, "live.html", looking=looking, entries=entries, emotions=EMOTIONS)


async def events(request: Request) -> Response:
    """What is seen and what happens, as server-sent events."""
    feed, may_look = _feed(request), _permission(request)
    return Seated(feed, lambda: _events(feed, may_look), EVENTS)


async def pictures(request: Request) -> Response:
    """JPEGs, each in the place of the one before."""
    feed, may_look = _feed(request), _permission(request)
    return Seated(feed, lambda: _pictures(feed, may_look), PICTURES)


class Seated(StreamingResponse):
    """A stream that takes a seat among those who look, and gives it back however it ends."""

    def __init__(self, feed: Feed, stream: Callable[[], AsyncIterator[bytes]], kind: str) -> None:
        super().__init__(stream(), media_type=kind)
        self._feed = feed
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client has gone; 503 when all seats are taken."""
        if not self._feed.look(self._kind):
            full = Response("As many look already as may.\n", 503, {"retry-after": "10"}, "text/plain")
            await full(scope, receive, send)
            return
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._feed.leave(self._kind)


async def _events(feed: Feed, may_look: Callable[[], bool]) -> AsyncIterator[bytes]:
    number, told, snapshot = -1, 0, None
    while may_look():
        for entry in [each for each in feed.entries if each.number > told]:
            yield _event("entry", asdict(entry))
            told = entry.number
        if feed.snapshot is not None and feed.snapshot is not snapshot:
            snapshot = feed.snapshot
            yield _event("moment", {**moment_fields(snapshot), "fps": feed.pictures_a_second()})
        newer = await feed.news.after(number, STILL_HERE_S)
        if newer == number:
            yield b": still here\n\n"
        number = newer


async def _pictures(feed: Feed, may_look: Callable[[], bool]) -> AsyncIterator[bytes]:
    number, snapshot = -1, None
    yield END
    while may_look():
        if feed.snapshot is not None and feed.snapshot is not snapshot:
            snapshot = feed.snapshot
            snapshot.picture = coded = snapshot.picture or boxed(snapshot.frame.gray, snapshot.face)
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(coded)}\r\n\r\n"
            yield head.encode() + coded + END  # a browser shows a picture when it sees its end
        number = await feed.news.after(number, STILL_HERE_S)


def moment_fields(snapshot: Snapshot) -> dict[str, Any]:
    """What is told of a frame."""
    height, width = snapshot.frame.gray.shape
    box = snapshot.face.box if snapshot.face else None
    return {**face_fields(snapshot.face, snapshot.stable, snapshot.state), "aim": aim(box, width, height)}


def _feed(request: Request) -> Feed:
    headset = site_of(request).headset
    if headset is None:
        raise HTTPException(404, "No headset runs here.")
    return headset.feed


def _permission(request: Request) -> Callable[[], bool]:
    """Whether who looks may still: a session ends, by time or by logging out."""
    guard = site_of(request).guard
    return lambda: guard.lets_in(request)


def _event(kind: str, fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(fields, ensure_ascii=False)}\n\n".encode()
