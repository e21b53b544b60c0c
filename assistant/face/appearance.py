"""What distinguishes two people from frame to frame: a thumbnail of the face, and the gray level of the clothes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.geometry import BoundingBox

THUMBNAIL_PX = 12
"""Width and height of a thumbnail; at this size a smile changes little of it."""

CLOTHES_LEVELS = 64.0
"""Clothes that differ by this many gray levels count as much as thumbnails that have nothing in common."""

Gray = npt.NDArray[np.uint8]
Thumbnail = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """How a person looks: `thumbnail` is float32 [12, 12] with mean 0 and deviation 1, `clothes` is in gray levels.

    `clothes` is None where the frame ends below the face.
    """

    thumbnail: Thumbnail
    clothes: float | None

    def difference(self, other: Appearance) -> float:
        """Return how much two appearances differ: 0 for the same, about 1 for different people."""
        alike = float((self.thumbnail * other.thumbnail).mean())
        faces = 1.0 - max(-1.0, min(1.0, alike))
        if self.clothes is None or other.clothes is None:
            return faces
        return (faces + min(2.0, abs(self.clothes - other.clothes) / CLOTHES_LEVELS)) / 2


def clothes_below(gray: Gray, box: BoundingBox) -> float | None:
    """Return the mean gray level below the face in `box` of a gray frame; None where the frame ends there."""
    below = BoundingBox(box.x, box.y + box.height + box.height // 2, box.width, max(1, box.height // 2)).crop(gray)
    return float(below.mean()) if below.size else None
