"""Draws people who move in a room, with the noise of a small camera."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.brushes import Picture
from assistant.camera.drivers.drawn.face import SIZE_PX, Looks, draw_face
from assistant.camera.drivers.drawn.turned import AHEAD, Neck, Turn, turned
from assistant.emotions import Emotion

NOISE_DEVIATION = 4.0
"""Gray levels of sensor noise, about what a small camera shows indoors."""

CHANGE_S = 0.2
"""A new expression takes this long to come."""

OTHERS_LOOKS = Looks(skin=180.0, hair=100.0, face_width=0.92)

MOVE_S = 0.8
"""A head moves to another place within this time."""

Head = tuple[Picture, Picture]
"""Gray levels and cover of a head, as `draw_face` gives them."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a head is from the middle, as shares of the picture's width and height."""

    right: float = 0.0
    down: float = 0.0


MIDDLE = Place()


class Painter:
    """Draws the frames of a simulated camera; each head is drawn once, and then moved."""

    def __init__(self, width_px: int, height_px: int, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._size = (width_px, height_px)
        self._room = _room(width_px, height_px, self._rng)
        self._noise = np.empty((2 * height_px, 2 * width_px), np.int8)
        for line in self._noise:  # one by one: all of them as float32 would be most of the program's memory
            line[:] = np.round(NOISE_DEVIATION * self._rng.standard_normal(2 * width_px, dtype=np.float32))
        self._heads: dict[tuple[Emotion, Looks], Head] = {}
        self._shown: Emotion | None = None
        self._before: Emotion | None = None
        self._since_s = -1.0
        self._neck = Neck()
        self._from = self._to = MIDDLE
        self._moved_s = 0.0

    def paint(  # noqa: PLR0913 - what is drawn
        self,
        emotion: Emotion | None,
        t_s: float,
        *,
        other: bool,
        turn: Turn = AHEAD,
        place: Place = MIDDLE,
        sway: Turn = AHEAD,
    ) -> npt.NDArray[np.uint8]:
        """Draw the frame of this time: a face with this emotion, or nobody; `other` adds a second person.

        The head in front turns within `TURN_S` to where `turn` says, and moves within `MOVE_S` to `place`.
        `sway` is added to the turn at once, as in a nod.
        """
        if emotion != self._shown:
            self._before, self._shown, self._since_s = self._shown, emotion, t_s
        picture = self._room.copy()
        if other:
            _place(picture, self._head(Emotion.NEUTRAL, OTHERS_LOOKS), _other_at(t_s))
        if emotion is not None:
            head = turned(self._face(emotion, t_s), self._neck.turned_to(turn, t_s) + sway)
            _place(picture, head, _wearer_sees(t_s, self._moved_to(place, t_s)))
        return self._noisy(picture)

    def _moved_to(self, place: Place, t_s: float) -> Place:
        """Return where the head is at this time, on the way to `place`; whoever comes into view is there at once."""
        if self._since_s == t_s and self._before is None:
            self._from = self._to = place
        elif place != self._to:
            self._from, self._to, self._moved_s = self._place_at(t_s), place, t_s
        return self._place_at(t_s)

    def _place_at(self, t_s: float) -> Place:
        share = min(1.0, (t_s - self._moved_s) / MOVE_S)
        right, down = (self._to.right - self._from.right, self._to.down - self._from.down)
        return Place(self._from.right + share * right, self._from.down + share * down)

    def _face(self, emotion: Emotion, t_s: float) -> Head:
        """Draw the head in front, on the way from its expression before to this one."""
        share = min(1.0, (t_s - self._since_s) / CHANGE_S)
        gray, cover = self._head(emotion, Looks())
        if share >= 1.0 or self._before is None:
            return gray, cover
        before, _ = self._head(self._before, Looks())
        return before + np.float32(share) * (gray - before), cover

    def _head(self, emotion: Emotion, looks: Looks) -> Head:
        if (emotion, looks) not in self._heads:
            self._heads[emotion, looks] = draw_face(PROTOTYPES[emotion], looks)
        return self._heads[emotion, looks]

    def _noisy(self, picture: Picture) -> npt.NDArray[np.uint8]:
        width, height = self._size
        right, down = int(self._rng.integers(0, width)), int(self._rng.integers(0, height))
        noise = self._noise[down : down + height, right : right + width]
        return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where a head is: its middle and its size as shares of the picture's width and height."""

    right: float
    down: float
    scale: float
    turn_deg: float


def _wearer_sees(t_s: float, place: Place) -> _Pose:
    return _Pose(
        0.47 + place.right + 0.05 * math.sin(0.9 * t_s),
        0.52 + place.down + 0.03 * math.sin(1.3 * t_s + 1),
        0.48 + 0.05 * math.sin(0.5 * t_s),
        4.0 * math.sin(0.7 * t_s),
    )


def _other_at(t_s: float) -> _Pose:
    return _Pose(0.85 + 0.04 * math.sin(0.6 * t_s), 0.45, 0.28, 3.0 * math.sin(1.1 * t_s))


def _place(picture: Picture, head: Head, pose: _Pose) -> None:
    """Draw a head into the picture, where its pose says."""
    height, width = picture.shape
    across, down, scale = pose.right * width, pose.down * height, pose.scale * height / SIZE_PX
    left, top, side = int(across - scale * SIZE_PX), int(down - scale * SIZE_PX), int(2 * scale * SIZE_PX)
    matrix = np.array(cv2.getRotationMatrix2D((SIZE_PX / 2, SIZE_PX / 2), pose.turn_deg, scale), dtype=np.float64)
    matrix[:, 2] += np.array([across - left, down - top]) - SIZE_PX / 2
    gray, cover = (np.asarray(cv2.warpAffine(layer, matrix, (side, side)), dtype=np.float32) for layer in head)
    here = picture[max(0, top) : top + side, max(0, left) : left + side]
    cut = (slice(max(0, -top), max(0, -top) + here.shape[0]), slice(max(0, -left), max(0, -left) + here.shape[1]))
    here += cover[cut] * (gray[cut] - here)


def _room(width_px: int, height_px: int, rng: np.random.Generator) -> Picture:
    """Draw a wall with soft shadows, a window and a shelf, as float32 [height, width]."""
    blotches = cv2.resize(
        rng.normal(0, 14, (6, 8)).astype(np.float32), (width_px, height_px), interpolation=cv2.INTER_CUBIC
    )
    room = np.asarray(118.0 + blotches, dtype=np.float32)
    room[int(0.08 * height_px) : int(0.55 * height_px), int(0.04 * width_px) : int(0.22 * width_px)] += 70
    room[int(0.70 * height_px) : int(0.74 * height_px)] -= 40
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 3.0), dtype=np.float32)
