"""Decides whether the camera works; time is an argument, in seconds."""

from __future__ import annotations

from assistant.camera.settings import CameraSettings
from assistant.faults import Fault

LONGEST_PAUSE_S = 30.0
"""The pause between two attempts to open the camera is never longer than this."""


class CameraWatch:
    """Returns each fault once, and its end; says when to open the camera again, and when to give up."""

    def __init__(self, settings: CameraSettings, now: float, *, gives_up: bool = True) -> None:
        self._settings = settings
        self._give_up_s = settings.give_up_s if gives_up else float("inf")
        self._last_frame_s = now
        self._seen_s = now
        self._faulty = False
        self._covered = False
        self._pause_s = settings.reopen_s
        self._next_attempt_s = now

    def begin(self, now: float) -> None:
        """Note that the camera is open: from now on it has to give frames."""
        self._last_frame_s = self._seen_s = now

    def frame(self, now: float, *, sees_nothing: bool = False) -> Fault | None:
        """Note a frame, and return the fault that begins or ends by it; `sees_nothing` says that it shows nothing."""
        self._last_frame_s = now
        self._pause_s = self._settings.reopen_s
        if not sees_nothing:
            self._seen_s = now
        was_away, self._faulty = self._faulty, False
        if was_away:
            self._seen_s = now
            return Fault.CAMERA_BACK
        return self._cover(now, sees_nothing)

    def nothing(self, now: float) -> Fault | None:
        """Note that no frame came, and return the fault that begins by it."""
        if self._faulty or now - self._last_frame_s < self._settings.stalled_s:
            return None
        return self._begin_fault(Fault.CAMERA_STALLED, now)

    def broken(self, now: float) -> Fault | None:
        """Note that the camera cannot be read or opened, and return the fault that begins by it."""
        return None if self._faulty else self._begin_fault(Fault.CAMERA_LOST, now)

    def should_reopen(self, now: float) -> bool:
        """Return whether to open the camera again now; each further pause is twice as long."""
        if not self._faulty or now < self._next_attempt_s:
            return False
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        self._next_attempt_s = now + self._pause_s
        return True

    def retry_in_s(self, now: float) -> float:
        """Return the time until the next attempt; 0 while the camera works, or an attempt is due."""
        return max(0.0, self._next_attempt_s - now) if self._faulty else 0.0

    def gave_up(self, now: float) -> bool:
        """Return whether the camera has been stopped for too long."""
        return self._faulty and now - self._last_frame_s >= self._give_up_s

    def _cover(self, now: float, sees_nothing: bool) -> Fault | None:
        covered = sees_nothing and now - self._seen_s >= self._settings.covered_s
        if covered == self._covered or (sees_nothing and not covered):
            return None
        self._covered = covered
        return Fault.CAMERA_COVERED if covered else Fault.CAMERA_BACK

    def _begin_fault(self, fault: Fault, now: float) -> Fault:
        self._faulty, self._covered = True, False
        self._next_attempt_s = now + self._pause_s
        return fault
