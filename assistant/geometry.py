"""Boxes in a frame: x to the right, y downwards, in pixels from the upper left corner."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A rectangle whose upper left corner is (x, y); it may reach out of the frame."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"a box has a positive size, not {self.width} x {self.height}")

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the box, (x, y)."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> int:
        """The area in square pixels."""
        return self.width * self.height

    def as_list(self) -> list[int]:
        """Return [x, y, width, height], as the events and `assistant look` give it."""
        return [self.x, self.y, self.width, self.height]

    def moved(self, right: int, down: int) -> BoundingBox:
        """Return the box, moved by these numbers of pixels."""
        return BoundingBox(self.x + right, self.y + down, self.width, self.height)

    def grown(self, share: float) -> BoundingBox:
        """Return a box with the same middle; each of its four edges is further out by `share` of the side."""
        right, down = round(self.width * share), round(self.height * share)
        return BoundingBox(self.x - right, self.y - down, self.width + 2 * right, self.height + 2 * down)

    def clipped(self, width: int, height: int) -> BoundingBox | None:
        """Return the part inside a frame of this size, or None where the box lies outside of it."""
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(width, self.x + self.width), min(height, self.y + self.height)
        if right <= left or bottom <= top:
            return None
        return BoundingBox(left, top, right - left, bottom - top)

    def overlap(self, other: BoundingBox) -> float:
        """Return the intersection over the union of both boxes, 0 to 1."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if across <= 0 or down <= 0:
            return 0.0
        shared = across * down
        return shared / (self.area + other.area - shared)

    def distance(self, other: BoundingBox) -> float:
        """Return the pixels between the middles of both boxes."""
        (x, y), (other_x, other_y) = self.center, other.center
        return math.hypot(x - other_x, y - other_y)

    def crop(self, frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return the part of a gray frame [height, width] in the box, as a view; empty where the box lies outside."""
        height, width = frame.shape[:2]
        inside = self.clipped(width, height)
        if inside is None:
            return frame[:0, :0]
        return frame[inside.y : inside.y + inside.height, inside.x : inside.x + inside.width]
