"""Reads and scans frames; opens the camera again after a failure, and reports faults."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.camera.camera import Camera
from assistant.camera.frame_rate import FrameRatePolicy
from assistant.camera.motion import MotionDetector
from assistant.camera.watchdog import CameraWatch
from assistant.emotion.observation import Observation
from assistant.emotion.perception import Perception
from assistant.errors import CameraError
from assistant.faults import Fault
from assistant.frame import Clock, Frame

DARK_SPREAD, DARK_LEVEL = 6.0, 60.0
"""A frame with a smaller deviation and a lower mean, in gray levels, comes from a covered lens or a dark room."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class VisionResult:
    """The result of one frame, or a fault, at `t_s` seconds."""

    t_s: float
    frame: Frame | None = None
    observation: Observation | None = None
    fault: Fault | None = None
    is_quiet: bool = False
    """Whether nobody has been there, and nothing has moved, for long: then nobody waits for this result."""


class Vision(Protocol):
    """The source of the loop's vision results."""

    def open(self) -> None:
        """Begin; CameraError is raised when the camera cannot be opened."""

    def take(self, timeout_s: float) -> list[VisionResult]:
        """Return the results since the last call, waiting for one.

        CameraError is raised when the camera is gone for good.
        """

    def reduce_load(self, needed: bool) -> None:
        """Ask for fewer frames while the machine is hot, slowed down or low on voltage, or no longer."""

    @property
    def opened(self) -> bool:
        """Whether the camera was ever open."""

    @property
    def ended(self) -> bool:
        """Whether a recording is over and every result was taken."""

    @property
    def dropped(self) -> int:
        """The number of frames that were never scanned."""

    def close(self) -> None:
        """Close the camera. A second call does nothing."""


class VisionLoop:
    """Reads and scans a frame in each call of `take`."""

    def __init__(  # noqa: PLR0913, PLR0917 - it joins them
        self,
        open_camera: Callable[[], Camera],
        perception: Perception,
        watch: CameraWatch,
        clock: Clock,
        reopens: bool,
        pace: FrameRatePolicy | None = None,
    ) -> None:
        """`reopens` is whether a broken camera is opened again; a recording is not.

        Without a `pace` every frame is scanned.
        """
        self.open_camera = open_camera
        self._perception = perception
        self._watch = watch
        self._clock = clock
        self._reopens = reopens
        self._paced = None if pace is None else PacedPerception(perception, pace)
        self._spared = False
        self._camera: Camera | None = None
        self._dropped = 0
        self.opened = False

    def open(self) -> None:
        """Open the camera; CameraError is raised when that fails."""
        self._camera = self.open_camera()
        self._watch.begin(self._clock.now())
        self.opened = True

    def take(self, timeout_s: float) -> list[VisionResult]:
        """Wait for a frame and scan it.

        CameraError is raised when a recording breaks, or when a camera does not come back.
        """
        if self._watch.gave_up(self._clock.now()):
            raise CameraError("the camera did not come back: check its cable and plug, then start again")
        try:
            frame = self._read(timeout_s)
        except CameraError as error:
            return self._lost(error)
        now = self._clock.now()
        if frame is not None:
            fault = self._watch.frame(now, sees_nothing=sees_nothing(frame.gray))
            observation = self._perceive(frame, now)
            idle = self._paced is not None and self._paced.is_idle
            return [VisionResult(now, frame, observation, fault, is_quiet=idle and fault is None)]
        waits = self._reopens and self._camera is not None and not self._camera.ended
        fault = self._watch.nothing(now) if waits else None
        return [] if fault is None else [VisionResult(now, fault=fault)]

    def reduce_load(self, needed: bool) -> None:
        """Ask for fewer frames, or no longer. Any thread may call this."""
        self._spared = needed

    @property
    def ended(self) -> bool:
        """Whether a recording is over."""
        return self._camera is not None and self._camera.ended

    @property
    def dropped(self) -> int:
        """The number of frames that were never scanned."""
        return self._dropped + (0 if self._camera is None else self._camera.dropped)

    def close(self) -> None:
        """Close the camera."""
        camera, self._camera = self._camera, None
        if camera is not None:
            self._dropped += camera.dropped
            camera.close()

    def _read(self, timeout_s: float) -> Frame | None:
        if self._watch.should_reopen(self._clock.now()):
            self.close()
            self._camera = self.open_camera()
        if self._camera is None:
            self._clock.wait(timeout_s)
            return None
        return self._camera.read(timeout_s)

    def _perceive(self, frame: Frame, now: float) -> Observation:
        if self._paced is None or self._camera is None:
            return self._perception.perceive(frame.gray, now)
        observation, fps = self._paced.perceive(frame.gray, now, reduced=self._spared)
        self._camera.set_rate(fps)
        return observation

    def _lost(self, error: CameraError) -> list[VisionResult]:
        if not self._reopens:
            raise error
        now = self._clock.now()
        fault = self._watch.broken(now)
        self.close()
        if fault is None:
            return []
        logger.warning("%s", error)
        return [VisionResult(now, fault=fault)]


class PacedPerception:
    """Scans frames, and says after each how soon the next one is wanted."""

    def __init__(self, perception: Perception, pace: FrameRatePolicy) -> None:
        self._perception = perception
        self._pace = pace
        self._motion = MotionDetector()

    @property
    def is_idle(self) -> bool:
        """Whether nobody has been there, and nothing has moved, for long."""
        return self._pace.is_idle

    def perceive(self, gray: npt.NDArray[np.uint8], now: float, *, reduced: bool) -> tuple[Observation, float]:
        """Return what a frame shows, and how many frames a second are wanted from now on.

        A person in view keeps the rate high even without motion. While nobody has been there for long, the motion is
        looked for first, and a frame without any is searched less often. `reduced` says that the machine must get less
        work.
        """
        was_idle = self._pace.is_idle
        moved = was_idle and self._motion.update(gray, now)
        observation = self._perception.perceive(gray, now, still=was_idle and not moved)
        active = observation.people > 0 or moved or (not was_idle and self._motion.update(gray, now))
        return observation, self._pace.fps(now, active=active, reduced=reduced)


def sees_nothing(gray: npt.NDArray[np.uint8]) -> bool:
    """Return whether the frame shows nothing: the lens is covered, or there is no light."""
    few = gray[::8, ::8]
    return bool(few.size and few.std() < DARK_SPREAD and few.mean() < DARK_LEVEL)
