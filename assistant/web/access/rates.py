"""Limits how often each address may ask, by token buckets that fill with time."""

from __future__ import annotations

from collections import OrderedDict

MOST_ADDRESSES = 1024
"""The rates of this many addresses are remembered: of those that asked last."""


class Rates:
    """A bucket for each address, which holds `at_once` requests and fills with `a_second` requests a second."""

    def __init__(self, a_second: float, at_once: float) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """How many requests are left in each bucket, and when they were counted."""

    def take(self, address: str, now: float) -> bool:
        """Take one request from an address's bucket; return False when the bucket is empty."""
        left = self._left(address, now)
        allowed = left >= 1.0
        self._buckets[address] = (left - allowed, now)
        self._buckets.move_to_end(address)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed

    def _left(self, address: str, now: float) -> float:
        left, then = self._buckets.get(address, (self._at_once, now))
        return min(self._at_once, left + (now - then) * self._a_second)
