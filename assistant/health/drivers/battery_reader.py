"""Reads the battery in a thread of its own, so that a source that hangs delays nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.errors import BatteryError
from assistant.health.battery import BatteryReading, Charge

EVERY_S = 10.0
ABSENT_EVERY_S = 60.0
"""A battery that is not there is looked for this often."""

STALE_S = 40.0
"""A reading that is older than this counts no longer."""

CLOSE_TIMEOUT_S = 0.2

logger = logging.getLogger(__name__)


class BatterySource(Protocol):
    """A place where the charge can be read."""

    @property
    def name(self) -> str:
        """What people call this place."""

    def read(self) -> Charge | None:
        """Return the charge; None when there is no such battery, BatteryError when it cannot be read."""

    def close(self) -> None:
        """Close what is open, and end a reading that goes on in another thread."""


def first_charge(sources: Sequence[BatterySource]) -> tuple[BatterySource, Charge] | None:
    """Return the first source that has a battery, and the charge; None when none has.

    BatteryError is raised when one has a battery, but no source gives a charge.
    """
    failure: BatteryError | None = None
    for source in sources:
        try:
            charge = source.read()
        except BatteryError as error:
            failure = failure or error
        else:
            if charge is not None:
                return source, charge
    if failure is not None:
        raise failure
    return None


class BatteryReader:
    """Reads the first of the sources that has a battery, every ten seconds."""

    def __init__(
        self, sources: Sequence[BatterySource], now: Callable[[], float] = time.monotonic, every_s: float = EVERY_S
    ) -> None:
        """Start the thread; `now` dates the readings."""
        self._sources = sources
        self._now = now
        self._every_s = every_s
        self._reading: BatteryReading | None = None
        self._state = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="battery", daemon=True)
        self._thread.start()

    def latest(self) -> BatteryReading | None:
        """Return the latest reading; None when the latest try has failed, or when it hangs."""
        reading = self._reading
        return None if reading is None or self._now() - reading.t_s > STALE_S else reading

    def close(self) -> None:
        """Close the sources and end the thread; one that hangs all the same ends with the program."""
        self._stop.set()
        for source in self._sources:
            source.close()
        self._thread.join(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(self._every_s if self._has_battery() else ABSENT_EVERY_S)

    def _has_battery(self) -> bool:
        """Take a reading; return whether there is a battery, even one that cannot be read."""
        try:
            found = first_charge(self._sources)
        except BatteryError as error:
            self._reading = None
            self._log(logging.WARNING, str(error))
            return True
        if found is None:
            self._reading = None
            self._log(logging.DEBUG, "no battery is known")
            return False
        source, charge = found
        self._reading = BatteryReading(self._now(), charge)
        self._log(logging.INFO, f"the battery is read from {source.name}")
        return True

    def _log(self, level: int, state: str) -> None:
        """Log what has changed."""
        if state != self._state:
            self._state = state
            logger.log(level, "%s", state)
