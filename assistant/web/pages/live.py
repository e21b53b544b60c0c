"""The page that shows what the headset sees: a stream of pictures, and a stream of events."""

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
    """Show the page; it opens its streams only after a press of its button."""
    headset = site_of(request).headset
    entries = [] if headset is None else list(headset.feed.entries)[::-1]
    looking = headset is not None and "look" in request.query_params
    return render(request, "live.html", looking=looking, entries=entries, emotions=EMOTIONS)


async def events(request: Request) -> Response:
    """Answer what is seen and what happens, as server-sent events."""
    feed, may_view = _feed(request), _permission(request)
    return Seated(feed, lambda: _events(feed, may_view), EVENTS)


async def pictures(request: Request) -> Response:
    """Answer JPEGs, each of which replaces the one before."""
    feed, may_view = _feed(request), _permission(request)
    return Seated(feed, lambda: _pictures(feed, may_view), PICTURES)


class Seated(StreamingResponse):
    """A stream that takes a viewer's seat, and gives it back however the stream ends."""

    def __init__(self, feed: Feed, stream: Callable[[], AsyncIterator[bytes]], kind: str) -> None:
        super().__init__(stream(), media_type=kind)
        self._feed = feed
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client has gone; answer 503 when all seats are taken."""
        if not self._feed.add_viewer(self._kind):
            full = Response(
                "All seats are taken: close the live page in another browser, or raise web.viewers.\n",
                503,
                {"retry-after": "10"},
                "text/plain",
            )
            await full(scope, receive, send)
            return
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._feed.remove_viewer(self._kind)


async def _events(feed: Feed, may_view: Callable[[], bool]) -> AsyncIterator[bytes]:
    number, sent, snapshot = -1, 0, None
    while may_view():
        for entry in [each for each in feed.entries if each.number > sent]:
            yield _event("entry", asdict(entry))
            sent = entry.number
        if feed.snapshot is not None and feed.snapshot is not snapshot:
            snapshot = feed.snapshot
            yield _event("moment", {**snapshot_fields(snapshot), "fps": feed.pictures_a_second()})
        newer = await feed.latest.after(number, STILL_HERE_S)
        if newer == number:
            yield b": still here\n\n"
        number = newer


async def _pictures(feed: Feed, may_view: Callable[[], bool]) -> AsyncIterator[bytes]:
    number, snapshot = -1, None
    yield END
    while may_view():
        if feed.snapshot is not None and feed.snapshot is not snapshot:
            snapshot = feed.snapshot
            snapshot.picture = coded = snapshot.picture or boxed(snapshot.frame.gray, snapshot.face)
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(coded)}\r\n\r\n"
            yield head.encode() + coded + END  # a browser shows a picture when it sees its end
        number = await feed.latest.after(number, STILL_HERE_S)


def snapshot_fields(snapshot: Snapshot) -> dict[str, Any]:
    """Return the fields that the page shows of a frame."""
    height, width = snapshot.frame.gray.shape
    box = snapshot.face.box if snapshot.face else None
    return {**face_fields(snapshot.face, snapshot.stable, snapshot.state), "aim": aim(box, width, height)}


def _feed(request: Request) -> Feed:
    headset = site_of(request).headset
    if headset is None:
        raise HTTPException(404, "No headset runs here, so there are no pictures.")
    return headset.feed


def _permission(request: Request) -> Callable[[], bool]:
    """Return a function that says whether the viewer may still see the stream: a session can end meanwhile."""
    guard = site_of(request).guard
    return lambda: guard.lets_in(request)


def _event(kind: str, fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(fields, ensure_ascii=False)}\n\n".encode()
