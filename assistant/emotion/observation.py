"""What a frame shows: the faces in it, what they show, and what a classifier is asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.emotions import EmotionScores
from assistant.face.pose import HeadPose
from assistant.face.position import Placement
from assistant.face.quality import RejectReason
from assistant.geometry import BoundingBox


@dataclass(frozen=True, slots=True)
class Classification:
    """What a model says of a face."""

    scores: EmotionScores
    not_a_face: float = 0.0
    """Probability that it is none; 0 from a model that cannot tell."""


@dataclass(frozen=True, slots=True)
class ClassifiedFace:
    """A face, and either its scores or the reason why it has none."""

    box: BoundingBox
    scores: EmotionScores | None
    reason: RejectReason | None
    pose: HeadPose | None = None
    """Where the head is turned, from a detector that tells; a head that leans was judged upright."""
    weight: float = 1.0
    """How much these scores count beside those of other frames, 0 to 1."""

    def pose_fields(self) -> dict[str, float] | None:
        """The pose as events and `assistant look` give it, in degrees."""
        if self.pose is None:
            return None
        return {name: round(angle, 1) for name, angle in asdict(self.pose).items()}


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame showed: the face in front, if any, whose it is and where, and how many people there are."""

    face: ClassifiedFace | None
    track_id: int | None = None
    """The number of the person in front: another one, another person."""
    people: int = 0
    placement: Placement | None = None


class EmotionClassifier(Protocol):
    """Judges a face."""

    def classify(self, face: npt.NDArray[np.uint8]) -> Classification:
        """Judge a gray picture of a face [height, width] of any size."""
