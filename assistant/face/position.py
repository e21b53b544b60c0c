"""Where a person stands as the camera sees it: on which side, and how far away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from assistant.geometry import BoundingBox

FACE_WIDTH_M = 0.165
"""Width of a grown-up's face as the cascade boxes it: 34 pixels at 2.4 metres, 640 pixels seeing 66 degrees.

Heads differ by about a tenth either way; a child's is nearer than this tells.
"""

AHEAD_DEG = 11.0
"""Either way: about the middle third of what most cameras see."""


class Direction(StrEnum):
    """As the wearer hears it; the camera looks where the wearer's head does."""

    LEFT = "left"
    AHEAD = "ahead"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a face is."""

    direction: Direction
    distance_m: float


def placement(box: BoundingBox, frame_width: int, view_deg: float) -> Placement:
    """Where the face in `box` is, of a frame of this width from a camera that sees `view_deg` across."""
    focal_px = frame_width / 2 / math.tan(math.radians(view_deg) / 2)
    angle_deg = math.degrees(math.atan2(box.center[0] - frame_width / 2, focal_px))
    ahead = abs(angle_deg) <= AHEAD_DEG
    direction = Direction.AHEAD if ahead else Direction.RIGHT if angle_deg > 0 else Direction.LEFT
    return Placement(direction, FACE_WIDTH_M * focal_px / box.width)
