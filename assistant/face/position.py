"""Where a person is, as the camera sees it: on which side, and how far away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from assistant.geometry import BoundingBox

FACE_WIDTH_M = 0.165
"""Width of an adult's face in the cascade's box: 34 pixels at 2.4 metres, where 640 pixels show 66 degrees.

Adults' heads differ from it by about a tenth. A child is nearer than this width says.
"""

AHEAD_DEG = 11.0
"""A face up to this angle to either side is ahead: about the middle third of what most cameras show."""


class Direction(StrEnum):
    """On which side a person is, seen by the wearer; the camera points where the wearer's head does."""

    LEFT = "left"
    AHEAD = "ahead"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a face is, seen by the wearer."""

    direction: Direction
    distance_m: float
    right_deg: float = 0.0
    """How far the face is from the middle of the frame, positive to the right."""
    up_deg: float = 0.0
    """How far the face is from the middle of the frame, positive upwards."""


def placement(box: BoundingBox, size: tuple[int, int], view_deg: float) -> Placement:
    """Return where the face in `box` is, in a frame of this width and height, whose width shows `view_deg` degrees."""
    width, height = size
    focal_px = width / 2 / math.tan(math.radians(view_deg) / 2)
    right_deg = math.degrees(math.atan2(box.center[0] - width / 2, focal_px))
    up_deg = math.degrees(math.atan2(height / 2 - box.center[1], focal_px))
    ahead = abs(right_deg) <= AHEAD_DEG
    direction = Direction.AHEAD if ahead else Direction.RIGHT if right_deg > 0 else Direction.LEFT
    return Placement(direction, FACE_WIDTH_M * focal_px / box.width, right_deg, up_deg)
