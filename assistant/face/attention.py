"""To which side the person in front looks, as far as the turn of the head says: to the wearer, to the left, the right.

Only the yaw of the head counts. The finder's points do not follow a head that nods (`benchmarks/attention.py`), so that
one who reads below the camera cannot be distinguished from one who looks at the wearer. The eyes are not measured:
nobody labelled the gaze of the faces that this project has. In meetings, the head alone was right in 88.7% of the time
about who is looked at (R. Stiefelhagen and J. Zhu, "Head orientation and gaze direction in meetings", CHI 2002).

This file does no input or output; every time is an argument, in seconds.
"""

from __future__ import annotations

from enum import StrEnum

from assistant.face.pose import HeadPose


class Attention(StrEnum):
    """Where a person looks, from the wearer's view: left and right are those of the picture."""

    AT_YOU = "at_you"
    LEFT = "left"
    RIGHT = "right"
    UNKNOWN = "unknown"


ASIDE = (Attention.LEFT, Attention.RIGHT)
"""A person who looks there neither nods to the wearer nor shakes their head at them."""

HOLD_S = 0.5
"""A look must last this long to become a fact, and so must its end; a glance is neither."""

FORGET_S = 1.0
"""A person whose head was not measured for this time begins anew."""

MOST_FRAME_S = 0.25
"""A gap between two frames that is longer counts as this much time."""

MIN_WIDTH_PX = 30
"""The head of a narrower face is not measured: its points are too rough (`benchmarks/attention.py faces/`)."""

AT_YOU_DEG, AT_YOU_UNTIL_DEG = 12.0, 20.0
"""A head whose yaw is at most the first looks at the wearer, until its yaw is larger than the second."""

ASIDE_DEG, ASIDE_UNTIL_DEG = 25.0, 18.0
"""A head whose yaw is at least the first looks to a side, until its yaw is smaller than the second."""


def attention_of(pose: HeadPose) -> Attention:
    """Return where a head in a single frame looks; `UNKNOWN` between the directions."""
    if abs(pose.yaw_deg) >= ASIDE_DEG:
        return Attention.RIGHT if pose.yaw_deg > 0 else Attention.LEFT
    return Attention.AT_YOU if abs(pose.yaw_deg) <= AT_YOU_DEG else Attention.UNKNOWN


def lasts(attention: Attention, pose: HeadPose) -> bool:
    """Return whether a head that looked there may still do so; `UNKNOWN` never lasts."""
    match attention:
        case Attention.AT_YOU:
            return abs(pose.yaw_deg) <= AT_YOU_UNTIL_DEG
        case Attention.LEFT:
            return pose.yaw_deg <= -ASIDE_UNTIL_DEG
        case Attention.RIGHT:
            return pose.yaw_deg >= ASIDE_UNTIL_DEG
    return False


class AttentionWatch:
    """Follows the head of the person in front, frame by frame, and returns where it looks once that is a fact."""

    def __init__(self) -> None:
        self.held = Attention.UNKNOWN
        """Where the person in front looks, as far as it is a fact."""
        self._candidate = Attention.UNKNOWN
        self._lasted_s = 0.0
        self._person: int | None = None
        self._now: float | None = None
        self._measured_s = 0.0

    def update(self, now: float, person: int | None, pose: HeadPose | None) -> Attention | None:
        """Take the pose of the face in front; return what has become a fact, or None. `UNKNOWN` is the end of a fact.

        `person` is the number of the person in front, None where nobody is; `pose` is None where it was not measured. A
        frame that is not later than the one before is ignored.
        """
        if self._now is not None and now <= self._now:
            return None
        elapsed_s = 0.0 if self._now is None else min(now - self._now, MOST_FRAME_S)
        self._now = now
        before = self.held
        self._forget_others(now, person)
        if person is not None and pose is not None:
            self._measured_s = now
            self._see(elapsed_s, pose)
        return None if self.held is before else self.held

    def _forget_others(self, now: float, person: int | None) -> None:
        """Begin anew when another person is in front, or when this one was not measured for long."""
        is_other = person is not None and person != self._person
        self._person = self._person if person is None else person
        if is_other or now - self._measured_s >= FORGET_S:
            self.held = self._candidate = Attention.UNKNOWN
            self._lasted_s = 0.0

    def _see(self, elapsed_s: float, pose: HeadPose) -> None:
        shown = self._shown(pose)
        self._lasted_s = self._lasted_s + elapsed_s if shown is self._candidate else 0.0
        self._candidate = shown
        if self._lasted_s >= HOLD_S:
            self.held = shown

    def _shown(self, pose: HeadPose) -> Attention:
        """Return where the head looks in this frame; what has begun lasts longer than it needs to begin."""
        if lasts(self._candidate, pose):
            return self._candidate
        return self.held if lasts(self.held, pose) else attention_of(pose)
