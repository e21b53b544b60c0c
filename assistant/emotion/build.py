"""Builds the perception of a stream of frames, as the settings say."""

from __future__ import annotations

from typing import Protocol

from assistant.camera.settings import CameraSettings
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.perception import Perception
from assistant.face.detector import FaceDetector
from assistant.face.detectors.registry import build_detector
from assistant.face.head_motion import HeadMotionMeter
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.face.tracker import FaceTracker, TrackingSettings


class PerceptionSettings(Protocol):
    """The sections of the settings on which perception depends."""

    @property
    def camera(self) -> CameraSettings:
        """The width of the camera's view gives the distance of a face."""

    @property
    def search(self) -> SearchSettings:
        """The detector, and how often it scans the whole frame."""

    @property
    def tracking(self) -> TrackingSettings:
        """When another person becomes the primary one."""

    @property
    def debounce(self) -> DebounceSettings:
        """How long a face may be lost before its track is forgotten."""


def build_perception(
    settings: PerceptionSettings,
    classifier: EmotionClassifier,
    detector: FaceDetector | None = None,
    *,
    measures_motion: bool = False,
) -> Perception:
    """Build the perception of one stream of frames.

    With `measures_motion`, how the head in front moves is measured too. Without a `detector`, the one that the settings
    name is built. ModelError is raised when its file is missing or damaged.
    """
    return Perception(
        detector or build_detector(settings.search.detector),
        classifier,
        FaceTracker(settings.tracking, settings.debounce.lost_s),
        ScanSchedule(settings.search),
        view_deg=settings.camera.view_deg,
        motion_meter=HeadMotionMeter() if measures_motion else None,
    )
