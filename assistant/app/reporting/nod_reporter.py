"""Says in the status and the log whether nods are looked for: with too few frames a second they are not."""

from __future__ import annotations

import logging
from enum import StrEnum

from assistant.face.nods import LEAST_FPS

HOLD_S = 5.0
"""The frame rate must be too low, or high enough again, for this long."""

logger = logging.getLogger(__name__)


class NodStatus(StrEnum):
    """Whether nods are looked for."""

    OFF = "off"
    ON = "on"
    TOO_FEW = "too few frames"


class NodReporter:
    """Watches the frame rate while somebody is there; times are in seconds."""

    def __init__(self, *, is_wanted: bool) -> None:
        self.status = NodStatus.ON if is_wanted else NodStatus.OFF
        self._is_wanted = is_wanted
        self._since_s: float | None = None

    def step(self, now: float, fps: float, *, sees_somebody: bool) -> None:
        """Take the frame rate of the last seconds; it counts only while somebody is there."""
        if not self._is_wanted:
            return
        status = NodStatus.ON if fps >= LEAST_FPS else NodStatus.TOO_FEW
        if not sees_somebody or status is self.status:
            self._since_s = None
            return
        self._since_s = now if self._since_s is None else self._since_s
        if now - self._since_s < HOLD_S:
            return
        self.status, self._since_s = status, None
        if status is NodStatus.TOO_FEW:
            logger.warning("nods are not looked for: %g frames a second, %g are needed", fps, LEAST_FPS)
        else:
            logger.info("nods are looked for again: %g frames a second", fps)
