"""Turns for work that takes much memory: a few requests work at a time, and others wait for their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoTurnError(Exception):
    """Too many requests wait, or this one waited too long."""


class Turns:
    """`at_once` requests work at a time, and `waiting` more may wait, each for at most `timeout_s` seconds."""

    def __init__(self, at_once: int, waiting: int, timeout_s: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._places = waiting
        self._timeout_s = timeout_s

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the block; raise NoTurnError when there is none."""
        await self._begin()
        try:
            yield
        finally:
            self._free.release()

    async def _begin(self) -> None:
        if self._free.locked() and not self._places:
            raise NoTurnError
        self._places -= 1
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._free.acquire()
        except TimeoutError:
            raise NoTurnError from None
        finally:
            self._places += 1
