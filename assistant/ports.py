"""What the core needs of the world, as small protocols; `assistant.adapters` fulfils them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.emotions import Emotion, EmotionScores
from assistant.errors import SpeechError
from assistant.face.pose import HeadPose
from assistant.geometry import BoundingBox
from assistant.placement import Placement
from assistant.quality import Reason
from assistant.tones import Tone


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One gray picture, uint8 [height, width], taken at `t_s` seconds on its camera's clock."""

    gray: npt.NDArray[np.uint8]
    t_s: float


@dataclass(frozen=True, slots=True)
class Classification:
    """What a model says of a face."""

    scores: EmotionScores
    not_a_face: float = 0.0
    """Probability that it is none; 0 from a model that cannot tell."""


@dataclass(frozen=True, slots=True)
class JudgedFace:
    """A face, and either its scores or the reason why it has none."""

    box: BoundingBox
    scores: EmotionScores | None
    reason: Reason | None
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

    face: JudgedFace | None
    person: int | None = None
    """The number of the person in front: another one, another person."""
    people: int = 0
    placement: Placement | None = None


class FrameSource(Protocol):
    """Something that yields one frame after the other: a sensor, a file, a drawing."""

    def open(self) -> None:
        """Get ready; raise CameraError when that is not possible."""

    def wait(self) -> float | None:
        """Wait for the next frame, without reading it: its time; None at the end; CameraError when it broke.

        The one before it is let go, read or not.
        """

    def grab(self) -> Frame | None:
        """Read the frame that was waited for, or wait for the next one; else as `wait`."""

    def set_rate(self, fps: float) -> None:
        """No more than so many frames a second will be read; a source with a single speed takes no notice."""

    def close(self) -> None:
        """Let go of it; called again it does nothing."""


class Camera(Protocol):
    """What the loop reads frames from."""

    def read(self, timeout_s: float) -> Frame | None:
        """The newest unread frame, or None when none came in time; CameraError when it broke."""

    def set_rate(self, fps: float) -> None:
        """From now on give no more frames a second than this; infinite: all that there are."""

    @property
    def ended(self) -> bool:
        """Whether a recording is over and every frame was read."""

    @property
    def dropped(self) -> int:
        """Frames that were replaced before anyone read them."""

    def close(self) -> None:
        """Stop capturing; called again it does nothing."""


class EmotionClassifier(Protocol):
    """Judges a face."""

    def classify(self, face: npt.NDArray[np.uint8]) -> Classification:
        """Judge a gray picture of a face [height, width] of any size."""


@dataclass(frozen=True, slots=True)
class VoiceStatus:
    """How the voice is from some moment on."""

    error: SpeechError | None = None
    """Why it fails; None: it works again."""


class Speaker(Protocol):
    """A voice that never makes its caller wait."""

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Begin to say these one after the other, the tone first; what is being said is cut off."""

    def silence(self) -> None:
        """Cut off what is being said."""

    def is_speaking(self) -> bool:
        """Whether something is being said or about to be."""

    def set_volume(self, volume: float) -> None:
        """From now on, 0 to 1."""

    def take_changes(self) -> Sequence[VoiceStatus]:
        """How the voice has changed since the last call, the oldest change first: it failed, or works again."""

    def close(self, *, finish: bool) -> None:
        """End the voice: with `finish` when all is said, else at once."""


class Clock(Protocol):
    """Seconds that never run backwards."""

    def now(self) -> float:
        """Now."""

    def wait(self, seconds: float) -> None:
        """Let this time pass."""


class FrameSink(Protocol):
    """Shows or keeps what the loop sees."""

    def show(self, frame: Frame, face: JudgedFace | None, stable: Emotion | None) -> None:
        """Take one frame, the face in front and its stable emotion."""

    def close(self) -> None:
        """The last frame was shown."""
