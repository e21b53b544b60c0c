"""Turns: what takes much memory is done for a few at a time; the others wait a while, or are told to come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoTurnError(Exception):
    """Too many wait, or it took too long."""


class Turns:
    """So many at once, so many more who wait, each for so long."""

    def __init__(self, at_once: int, waiting: int, patience_s: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._places = waiting
        self._patience_s = patience_s

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, which lasts as long as the block; NoTurnError where there is none."""
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
            async with asyncio.timeout(self._patience_s):
                await self._free.acquire()
        except TimeoutError:
            raise NoTurnError from None
        finally:
            self._places += 1
