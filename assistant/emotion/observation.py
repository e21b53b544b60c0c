"""What a frame shows: the face in front with its scores, and what the headset needs of an emotion classifier."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.emotion.bounds import Bounds
from assistant.emotion.movements import Movement, MovementEvidence
from assistant.emotions import EmotionScores
from assistant.face.attention import MIN_WIDTH_PX
from assistant.face.nods import HeadMotion
from assistant.face.pose import HeadPose
from assistant.face.position import Placement
from assistant.face.reject_reason import RejectReason
from assistant.geometry import BoundingBox


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer of a model for a face."""

    scores: EmotionScores
    not_a_face: float = 0.0
    """The share of FER+'s taggers that would call it no face; 0 from a model that cannot distinguish."""
    veto: float = float("inf")
    """The evidence that it is a face, where the detector gives none: see `veto_evidence`."""
    face_log_odds: float | None = None
    """Log odds that it is a face; None from a model without an output for faces."""
    movements: MovementEvidence | None = None
    """The evidence for each movement; None from a model without an output for them."""


@dataclass(frozen=True, slots=True)
class ClassifiedFace:
    """A face with its scores, or with the reason why it was not classified."""

    box: BoundingBox
    scores: EmotionScores | None
    reason: RejectReason | None
    pose: HeadPose | None = None
    """Which way the head is turned, from a detector that gives points; a head that leans was classified upright."""
    weight: float = 1.0
    """How much these scores count beside those of other frames, 0 to 1."""
    movements: MovementEvidence | None = None
    """The evidence for each movement, where there are scores and the model has an output for movements."""

    @property
    def clear_pose(self) -> HeadPose | None:
        """The pose, where the face is wide and clear enough to say from it where the person looks."""
        is_clear = self.reason in (None, RejectReason.TURNED_AWAY) and self.box.width >= MIN_WIDTH_PX
        return self.pose if is_clear else None

    def pose_fields(self) -> dict[str, float] | None:
        """Return the pose in degrees, as events and `assistant look` give it."""
        if self.pose is None:
            return None
        return {name: round(angle, 1) for name, angle in asdict(self.pose).items()}


@dataclass(frozen=True, slots=True)
class Observation:
    """What a frame showed: the face in front, if there is one, whose it is and where, and how many people there are."""

    face: ClassifiedFace | None
    track_id: int | None = None
    """The number of the person in front; another number is another person."""
    people: int = 0
    placement: Placement | None = None
    motion: HeadMotion | None = None
    """How the head in front has moved since the frame before; None where that is not looked for, or not known."""


class EmotionClassifier(Protocol):
    """Classifies a face."""

    @property
    def bounds(self) -> Bounds:
        """The evidence that its scores must give for an emotion to be said."""

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The movements that may be said; none from a model without an output for them."""

    def classify(self, face: npt.NDArray[np.uint8]) -> Classification:
        """Classify a gray picture of a face [height, width] of any size."""
