"""The headset that the page is part of: what it is asked for, and how it is."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from assistant.app.service import Service
from assistant.controls.commands import Command, Controls, Inbox, Input, Request
from assistant.errors import SpeechError
from assistant.web.headset.feed import Feed, Watched, tell

ANSWER_S = 5.0
TRIAL_S = 15.0
"""Of a sound device: to close one and to open another may take some seconds each."""


class Closing(Protocol):
    """Something that ends with the headset."""

    def close(self) -> None:
        """End."""


class PageControls:
    """What helpers ask for."""

    def __init__(self) -> None:
        self._inbox = Inbox()

    def put(self, request: Request) -> None:
        """Ask."""
        self._inbox.put(request)

    def take(self) -> list[Input]:
        """What was asked since the last call."""
        return self._inbox.take()

    def close(self) -> None:
        """Nothing to let go of."""


class Headset:
    """Joined to a service before it runs."""

    def __init__(self, fps: float, most_lookers: int) -> None:
        self.feed = Feed(fps, most_lookers, self._close_server)
        self._controls = PageControls()
        self._service: Service | None = None
        self._server: Closing | None = None

    def among(self, controls: Sequence[Controls]) -> list[Controls]:
        """These controls, their presses shown, and the page's own."""
        return [*(Watched(each, self.feed) for each in controls), self._controls]

    def join(self, service: Service, server: Closing) -> None:
        """See and hear what this service does; when it ends, the server is closed."""
        self._service, self._server = service, server

    @property
    def service(self) -> Service:
        """What it was joined to."""
        assert self._service is not None
        return self._service

    async def ask(self, command: Command) -> Mapping[str, Any]:
        """What the headset answers; `ok` is false where it does not in time."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Mapping[str, Any]] = loop.create_future()

        def settle(reply: Mapping[str, Any]) -> None:
            if not answer.done():
                answer.set_result(reply)

        def reply(told: Mapping[str, Any]) -> None:
            tell(loop, lambda: settle(told))

        self._controls.put(Request(command, reply))
        try:
            return await asyncio.wait_for(answer, ANSWER_S)
        except TimeoutError:
            return {"ok": False, "error": f"the headset did not answer within {ANSWER_S:g} seconds"}

    def reload(self) -> None:
        """Let it read its settings again."""
        self.service.requests.reload()

    def try_device(self, device: str) -> None:
        """Let the headset try a sound device, its own closed meanwhile, and wait for it; SpeechError says why not."""
        answer: concurrent.futures.Future[str] = concurrent.futures.Future()
        self.service.requests.try_device(device, answer.set_result)
        try:
            why = answer.result(TRIAL_S)
        except TimeoutError:
            raise SpeechError(f"the headset did not answer within {TRIAL_S:g} seconds") from None
        if why:
            raise SpeechError(why)

    def _close_server(self) -> None:
        if self._server is not None:
            self._server.close()
