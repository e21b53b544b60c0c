"""A counter of changes, and the viewers that wait for the next change. Only one loop may use it."""

from __future__ import annotations

import asyncio


class Latest:
    """Counts changes. A slow viewer misses the changes between two waits."""

    def __init__(self) -> None:
        self.number = 0
        self._changed = asyncio.Event()

    def advance(self) -> None:
        """Count a change, and wake those who wait."""
        self.number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, number: int, timeout_s: float) -> int:
        """Wait until the count is another than `number`, or the time is over; return the count."""
        changed = self._changed
        if self.number == number:
            try:
                async with asyncio.timeout(timeout_s):
                    await changed.wait()
            except TimeoutError:
                pass
        return self.number
