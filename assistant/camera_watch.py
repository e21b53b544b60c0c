"""Whether the camera works: pure, with the time as an argument, in seconds."""

from __future__ import annotations

from enum import StrEnum

from assistant.settings import CameraSettings

LONGEST_PAUSE_S = 30.0
"""Between two attempts to open the camera again."""


class CameraFault(StrEnum):
    """What is said of the camera; the values are keys of phrases."""

    STALLED = "camera_stalled"
    LOST = "camera_lost"
    BACK = "camera_back"


class CameraWatch:
    """Names each fault once, and its end; says when to open the camera again and when to give up."""

    def __init__(self, settings: CameraSettings, now: float) -> None:
        self._settings = settings
        self._last_frame_s = now
        self._faulty = False
        self._pause_s = settings.reopen_s
        self._next_attempt_s = now

    def frame(self, now: float) -> CameraFault | None:
        """A frame came."""
        self._last_frame_s = now
        self._pause_s = self._settings.reopen_s
        if not self._faulty:
            return None
        self._faulty = False
        return CameraFault.BACK

    def nothing(self, now: float) -> CameraFault | None:
        """No frame came."""
        if self._faulty or now - self._last_frame_s < self._settings.stalled_s:
            return None
        return self._begin_fault(CameraFault.STALLED, now)

    def broken(self, now: float) -> CameraFault | None:
        """The camera cannot be read or opened."""
        return None if self._faulty else self._begin_fault(CameraFault.LOST, now)

    def should_reopen(self, now: float) -> bool:
        """Whether to try now; each next pause is twice as long."""
        if not self._faulty or now < self._next_attempt_s:
            return False
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        self._next_attempt_s = now + self._pause_s
        return True

    def gave_up(self, now: float) -> bool:
        """Whether the camera has been away for too long."""
        return self._faulty and now - self._last_frame_s >= self._settings.give_up_s

    def _begin_fault(self, fault: CameraFault, now: float) -> CameraFault:
        self._faulty = True
        self._next_attempt_s = now + self._pause_s
        return fault
