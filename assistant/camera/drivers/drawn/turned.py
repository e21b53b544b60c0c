"""Turns a drawn head: to a side, up and down.

The drawing is laid onto a head of three axes, whose nose stands out, and seen from the side by parallel rays. What the
drawing does not show, the ears and the back of the head, stays the stretched edge of the drawing. Up to
40 degrees to a side this is enough for the finder, whose points give about the drawn yaw. They do not give the drawn
pitch, nor that of real faces (`benchmarks/attention.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from assistant.camera.drivers.drawn.brushes import Picture
from assistant.camera.drivers.drawn.face import SIZE_PX


@dataclass(frozen=True, slots=True)
class Turn:
    """Which way a head is turned, in degrees: to the right side of the picture, and up."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0

    def __add__(self, other: Turn) -> Turn:
        """Return this turn and the other together."""
        return Turn(self.yaw_deg + other.yaw_deg, self.pitch_deg + other.pitch_deg)


AHEAD = Turn()

MIDDLE = (128.0, 132.0)
"""The middle of the head in the drawing."""

HALF_WIDTH_PX, HALF_HEIGHT_PX, DEPTH_PX = 96.0, 128.0, 100.0
"""Half the axes of the head; the last is how far the face stands before the middle."""

NOSE, NOSE_RADII_PX, NOSE_OUT_PX = (0.0, 26.0), (15.0, 26.0), 20.0
"""Where the nose is from the middle, how wide and high it is, and how far it stands out of the face."""

TURN_S, STEP_DEG = 0.4, 4.0
"""A head turns to where it will look within this time, in steps of so many degrees."""

STEPS = 12
"""The place that a ray hits is found by this many steps, each from the depth at the last place."""


def turned(head: tuple[Picture, Picture], turn: Turn) -> tuple[Picture, Picture]:
    """Return gray levels and cover of a head that is turned, each float32 [256, 256]."""
    if turn == AHEAD:
        return head
    across, down = _places(turn)
    gray, cover = (
        np.asarray(cv2.remap(layer, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)
        for layer in head
    )
    return gray, cover


@lru_cache(maxsize=64)
def _places(turn: Turn) -> tuple[Picture, Picture]:
    """Return for each pixel of the turned head where it is in the drawing: x and y, each float32 [256, 256]."""
    rows = _rotation(turn)
    down, right = np.mgrid[0:SIZE_PX, 0:SIZE_PX].astype(np.float32)
    seen = np.stack([right - MIDDLE[0], down - MIDDLE[1]])
    place = seen.copy()
    inverse = np.linalg.inv(rows[:2, :2])
    for _ in range(STEPS):
        beside = seen - rows[:2, 2, None, None] * _depth(place)
        following = np.einsum("ij,jhw->ihw", inverse, beside)
        place = 0.5 * (place + following)
    x, y = (np.asarray(axis + middle, dtype=np.float32) for axis, middle in zip(place, MIDDLE, strict=True))
    return x, y


def _rotation(turn: Turn) -> Picture:
    """Return the rotation [3, 3] of axes to the right, down, and to the camera."""
    yaw, pitch = math.radians(turn.yaw_deg), math.radians(turn.pitch_deg)
    nod = [(1, 0, 0), (0, math.cos(pitch), -math.sin(pitch)), (0, math.sin(pitch), math.cos(pitch))]
    side = [(math.cos(yaw), 0, math.sin(yaw)), (0, 1, 0), (-math.sin(yaw), 0, math.cos(yaw))]
    return np.asarray(np.array(side) @ np.array(nod), dtype=np.float32)


def _depth(place: Picture) -> Picture:
    """Return how far the head stands before its middle at these places of the drawing, from the middle [2, h, w]."""
    x, y = place
    round_head = np.sqrt(np.clip(1 - (x / HALF_WIDTH_PX) ** 2 - (y / HALF_HEIGHT_PX) ** 2, 0, 1))
    nose = np.exp(-(((x - NOSE[0]) / NOSE_RADII_PX[0]) ** 2) - ((y - NOSE[1]) / NOSE_RADII_PX[1]) ** 2)
    return np.asarray(DEPTH_PX * round_head + NOSE_OUT_PX * nose, dtype=np.float32)


class Neck:
    """Turns a head from where it looked to where it will look."""

    def __init__(self) -> None:
        self._from = self._to = AHEAD
        self._since_s = 0.0

    def turned_to(self, turn: Turn, t_s: float) -> Turn:
        """Return how the head is turned at this time, on the way to `turn`."""
        if turn != self._to:
            self._from, self._to, self._since_s = self._at(t_s), turn, t_s
        return self._at(t_s)

    def _at(self, t_s: float) -> Turn:
        share = min(1.0, (t_s - self._since_s) / TURN_S)
        if share >= 1.0:
            return self._to
        return Turn(
            _between(self._from.yaw_deg, self._to.yaw_deg, share),
            _between(self._from.pitch_deg, self._to.pitch_deg, share),
        )


def _between(one: float, other: float, share: float) -> float:
    return STEP_DEG * round((one + share * (other - one)) / STEP_DEG)
