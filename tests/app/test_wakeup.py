"""The waiting of the loop: a wake-up is never lost."""

import threading
import time

from assistant.app.wakeup import Wakeup

LONG_S = 20.0


def waited_s(wakeup, seconds):
    """Return how long a wait lasted."""
    began_s = time.monotonic()
    wakeup.wait(seconds)
    return time.monotonic() - began_s


def test_another_thread_ends_the_waiting():
    """`set` in another thread ends a wait long before its time."""
    wakeup = Wakeup()
    threading.Timer(0.05, wakeup.set).start()
    assert waited_s(wakeup, LONG_S) < LONG_S / 2


def test_what_came_before_the_wait_is_not_lost():
    """A wake-up before the wait ends it at once, and only that one."""
    wakeup = Wakeup()
    wakeup.set()
    wakeup.set()
    assert waited_s(wakeup, LONG_S) < LONG_S / 2
    assert waited_s(wakeup, 0.05) >= 0.04
