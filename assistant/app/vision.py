"""Looks through the camera, whatever becomes of it: opens it again, and tells what was seen and what is wrong."""

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
"""Gray levels: a picture with less deviation than this, and darker than that, is one of a covered or unlit camera."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class VisionResult:
    """What came of one look, at `t_s` seconds."""

    t_s: float
    frame: Frame | None = None
    observation: Observation | None = None
    fault: Fault | None = None


class Vision(Protocol):
    """Where the loop gets its sightings."""

    def open(self) -> None:
        """Begin; CameraError when the camera cannot be opened."""

    def take(self, timeout_s: float) -> list[VisionResult]:
        """Sightings since the last call, waiting for one; CameraError when the camera has gone for good."""

    def reduce_load(self, needed: bool) -> None:
        """Whether the machine is to be spared from now on: fewer pictures, where there are many."""

    @property
    def opened(self) -> bool:
        """Whether the camera could be opened at all."""

    @property
    def ended(self) -> bool:
        """Whether a recording is over and every sighting was taken."""

    @property
    def dropped(self) -> int:
        """Frames that nobody looked at."""

    def close(self) -> None:
        """End it; called again it does nothing."""


class VisionLoop:
    """Looks when it is asked to."""

    def __init__(  # noqa: PLR0913, PLR0917 - it joins them
        self,
        open_camera: Callable[[], Camera],
        perception: Perception,
        watch: CameraWatch,
        clock: Clock,
        reopens: bool,
        pace: FrameRatePolicy | None = None,
    ) -> None:
        """`reopens` says whether a camera that broke is worth opening again; a recording is not.

        Without a `pace` every picture is looked at.
        """
        self.open_camera = open_camera
        self._perception = perception
        self._watch = watch
        self._clock = clock
        self._reopens = reopens
        self._pace = pace
        self._motion = MotionDetector()
        self._spared = False
        self._camera: Camera | None = None
        self._dropped = 0
        self.opened = False

    def open(self) -> None:
        """Open the camera; CameraError when that is not possible."""
        self._camera = self.open_camera()
        self._watch.begin(self._clock.now())
        self.opened = True

    def take(self, timeout_s: float) -> list[VisionResult]:
        """Wait for a frame and look at it; CameraError when a recording broke or the camera did not come back."""
        if self._watch.gave_up(self._clock.now()):
            raise CameraError("the camera did not come back: check its cable and plug, then start again")
        try:
            frame = self._read(timeout_s)
        except CameraError as error:
            return self._lost(error)
        now = self._clock.now()
        if frame is not None:
            fault = self._watch.frame(now, sees_nothing=sees_nothing(frame.gray))
            observation = self._perception.perceive(frame.gray, now)
            self._keep_pace(frame, observation, now)
            return [VisionResult(now, frame, observation, fault)]
        waits = self._reopens and self._camera is not None and not self._camera.ended
        fault = self._watch.nothing(now) if waits else None
        return [] if fault is None else [VisionResult(now, fault=fault)]

    def reduce_load(self, needed: bool) -> None:
        """Whether the machine is to be spared from now on; may be called from another thread."""
        self._spared = needed

    @property
    def ended(self) -> bool:
        """Whether a recording is over."""
        return self._camera is not None and self._camera.ended

    @property
    def dropped(self) -> int:
        """Frames that nobody looked at."""
        return self._dropped + (0 if self._camera is None else self._camera.dropped)

    def close(self) -> None:
        """Let go of the camera."""
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

    def _keep_pace(self, frame: Frame, observation: Observation, now: float) -> None:
        """Ask for as many pictures a second as are needed now; who is seen need not move to be looked at."""
        if self._pace is None or self._camera is None:
            return
        active = observation.people > 0 or self._motion.update(frame.gray, now)
        self._camera.set_rate(self._pace.fps(now, active=active, reduced=self._spared))

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


def sees_nothing(gray: npt.NDArray[np.uint8]) -> bool:
    """Whether nothing can be made out: the lens is covered, or there is no light."""
    few = gray[::8, ::8]
    return bool(few.size and few.std() < DARK_SPREAD and few.mean() < DARK_LEVEL)
