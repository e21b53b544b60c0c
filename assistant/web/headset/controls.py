"""The headset to which the page belongs: its commands and its answers."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from assistant.app.service import Service
from assistant.controls.commands import Command, Controls, Inbox, Input, Request
from assistant.errors import SpeechError
from assistant.web.headset.feed import Feed, Watched, call_in

ANSWER_S = 5.0
TRIAL_S = 15.0
"""A trial of a sound device may take this long: closing one device and opening another take some seconds each."""


class Closing(Protocol):
    """Something that is closed when the headset ends."""

    def close(self) -> None:
        """Close it."""


class PageControls:
    """The commands that helpers give on the page."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """`wake` is called with each request."""
        self._inbox = Inbox(wake)

    def put(self, request: Request) -> None:
        """Add a request."""
        self._inbox.put(request)

    def take(self) -> list[Input]:
        """Return the requests since the last call."""
        return self._inbox.take()

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


class Headset:
    """The headset as the page uses it; it is joined to a service before that runs."""

    def __init__(self, fps: float, most_viewers: int) -> None:
        self.feed = Feed(fps, most_viewers, self._close_server, self._set_viewers)
        self._controls = PageControls(self._wake)
        self._service: Service | None = None
        self._viewers = 0
        self._server: Closing | None = None

    def among(self, controls: Sequence[Controls]) -> list[Controls]:
        """Return these controls, whose presses the page shows, and the page's own."""
        return [*(Watched(each, self.feed) for each in controls), self._controls]

    def join(self, service: Service, server: Closing) -> None:
        """Use this service; close the server when the service ends."""
        self._service, self._server = service, server
        if self._viewers:
            service.requests.set_viewers(self._viewers)  # they came before the service was known

    @property
    def service(self) -> Service:
        """The service to which the headset was joined."""
        assert self._service is not None
        return self._service

    async def ask(self, command: Command) -> Mapping[str, Any]:
        """Give the headset a command and return its answer; `ok` is false when it does not answer in time."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Mapping[str, Any]] = loop.create_future()

        def settle(fields: Mapping[str, Any]) -> None:
            if not answer.done():
                answer.set_result(fields)

        def reply(fields: Mapping[str, Any]) -> None:
            call_in(loop, lambda: settle(fields))

        self._controls.put(Request(command, reply))
        try:
            return await asyncio.wait_for(answer, ANSWER_S)
        except TimeoutError:
            return {"ok": False, "error": f"the headset did not answer within {ANSWER_S:g} seconds; try again"}

    def reload(self) -> None:
        """Make the headset read its settings again."""
        self.service.requests.reload()

    def try_device(self, device: str) -> None:
        """Make the headset try a sound device, with its own closed meanwhile; raise SpeechError when that fails."""
        answer: concurrent.futures.Future[str] = concurrent.futures.Future()
        self.service.requests.try_device(device, answer.set_result)
        try:
            why = answer.result(TRIAL_S)
        except TimeoutError:
            raise SpeechError(f"the headset did not answer within {TRIAL_S:g} seconds") from None
        if why:
            raise SpeechError(why)

    def _set_viewers(self, count: int) -> None:
        self._viewers = count
        if self._service is not None:
            self._service.requests.set_viewers(count)

    def _wake(self) -> None:
        if self._service is not None:
            self._service.wake()

    def _close_server(self) -> None:
        """Close the server once, though the feed is closed both as a sink and as a listener."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
