"""A value of which only the newest counts, and those who wait for a newer one; used by one loop alone."""

from __future__ import annotations

import asyncio


class Latest:
    """Counts what was put in; who is slow misses what came in between."""

    def __init__(self) -> None:
        self.number = 0
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """There is something new."""
        self.number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, number: int, timeout_s: float) -> int:
        """The number of the newest, once it is another than `number`, or time is over."""
        changed = self._changed
        if self.number == number:
            try:
                async with asyncio.timeout(timeout_s):
                    await changed.wait()
            except TimeoutError:
                pass
        return self.number
