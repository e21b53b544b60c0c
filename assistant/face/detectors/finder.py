"""The learned finder: a network that gives each face a box, a score and five points.

Its answer is a grid of cells at three scales (`LEVELS`, in pixels of the network's input). For each cell there are a
logit, `score`, and fourteen numbers, `shape`: where the middle of the box lies from the middle of the cell, how wide
and high it is, and where the five points lie. `decoded` turns them into pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.detector import Detection, Region
from assistant.face.detectors.candidates import SAME_FACE, distinct, overlaps
from assistant.face.detectors.framing import haar_square
from assistant.face.evidence import log_odds
from assistant.face.pose import head_pose
from assistant.geometry import BoundingBox

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

LEVELS = (8, 16, 32)
"""Pixels of the input from one cell to the next."""

FRAME_HEIGHT_PX, FRAME_WIDTH_PX = 256, 320
"""Of the input for a whole frame; of a part of one it may be any multiple of 32."""

SIZE_UNIT = 4.0
"""A box's sides are told as the logarithm of their share of so many cells."""

POINTS = 5
"""Right eye, left eye, nose, right and left corner of the mouth; right and left are the person's."""

DARKEST_MEAN = 8.0
"""Gray levels; a picture that is darker on average is not lit up further, since it is mostly noise."""

INPUT_SCALE = 1 / 128
"""The network's input is -1 to 1, stored as int8."""

MIDDLE = 128
"""The level of the input around the picture."""

NORMALISATION = (
    f"gray, fitted in, v / (v + max(mean, {DARKEST_MEAN:g})) as 0 to 255, {MIDDLE} around it, (v - 128) / 128"
)
"""What the finder's card says of these steps; a file that was trained with others is refused."""

NEAR_PX = 96
"""Width and height of the input for the part around one face."""

NEAR_WIDTHS = 2.0
"""That part's sides, in widths of the face."""

STRETCH = 1.6
"""How many times wider or narrower than expected a known face may be."""

SMALLEST_FACE = 24 / 640
"""Of the frame's width: a smaller one in a whole frame is as often something else."""

CHECKS = ((2.0, False), (2.6, True), (1.6, False))
"""Looks from near at what a whole frame shows: the part's sides in widths of the face, and whether it is mirrored.

Something that is no face seldom looks like one from each distance and in a mirror.
"""

LARGE = 0.17
"""Of the frame's width: a look from near would show a wider face in fewer pixels than the whole frame does."""

DOUBTFUL = 0.8
"""Log odds below the threshold `alone`: from there on a face in a whole frame is given for others to judge."""

LEAST_LOGIT = log_odds(0.12)
"""One look of several does not see what it gives a lower score than this."""

MOST_CHECKED = 4
"""In one frame, the surest; the others of a crowd count by the first look alone."""


def toned(picture: Gray) -> Gray:
    """The picture [height, width] whatever its light: v / (v + mean), as 0 to 255; its mean becomes about the middle.

    K. Naka and W. Rushton, "S-potentials from colour units in the retina of fish", 1966. A picture with a tenth of the
    light comes out the same but for its noise, and the dark parts of a bright one are spread out.
    """
    mean = max(float(picture.mean()), DARKEST_MEAN)
    levels = np.arange(256, dtype=np.float32)
    table = np.round(255 * levels / (levels + mean)).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table), np.uint8) if picture.size else picture


def decoded(shape: FloatArray, level: int, cells: npt.NDArray[np.intp]) -> FloatArray:
    """Boxes and points in pixels of the input, float32 [N, 14], of the cells [N, 2] (row, column) of one level.

    `shape` is that level's answer, float32 [rows, columns, 14]. A row is the middle, width and height of the box, then
    x and y of each point. The sides are the face's own: the box of a face that leans is upright about its middle.
    """
    told = shape[cells[:, 0], cells[:, 1]].astype(np.float32)
    middle = (cells[:, ::-1].astype(np.float32) + 0.5) * level
    told[:, :2] = middle + told[:, :2] * level
    told[:, 2:4] = np.exp(told[:, 2:4]) * (SIZE_UNIT * level)
    told[:, 4:] = np.tile(middle, POINTS) + told[:, 4:] * level
    return told


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from 0 to 1 from which a face counts."""

    alone: float
    """Where nobody else has a say: neither the emotion network nor that a face was there a moment ago."""
    near: float
    """Where a face is known, or another detector has found one."""


class Network(Protocol):
    """The network for an input of one size."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of its input."""

    def candidates(self, picture: Gray, least_logit: float) -> FloatArray:
        """Cells with at least this logit, float32 [N, 15]: the logit, then a row of `decoded`.

        `picture` is the input as 0 to 255, uint8 [height, width].
        """


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A face with its logit and a row of `decoded` in frame pixels, float32 [14]."""

    logit: float
    shape: FloatArray

    @property
    def center(self) -> tuple[float, float]:
        return float(self.shape[0]), float(self.shape[1])

    @property
    def points(self) -> FloatArray:
        return self.shape[4:].reshape(POINTS, 2)

    def square(self) -> BoundingBox:
        width, height = (float(side) for side in self.shape[2:4])
        return haar_square(self.center, width, height, self.points)


class Finder:
    """Finds faces by the network, with points and pose."""

    def __init__(self, whole: Network, near: Network, thresholds: Thresholds) -> None:
        """`whole` looks at whole frames, `near` at the part around one face."""
        self._whole = whole
        self._near = near
        self._alone_logit = log_odds(thresholds.alone)
        self._near_logit = log_odds(thresholds.near)

    def detect(self, gray: Gray, region: Region | None = None, known: Sequence[Detection] = ()) -> list[Detection]:
        """Find the faces of a gray frame [height, width], or of a region of it, the surest first.

        The doubtful ones too: what has less than 0 as `evidence` is a face if something else speaks for it.
        """
        if not gray.size:
            return []
        found = self._everywhere(gray, known) if region is None else self._around(gray, region)
        return [_detection(each, each.logit - self._alone_logit) for each in found]

    def _around(self, gray: Gray, region: Region) -> list[_Found]:
        """Those whose middle lies in the region and that are about as wide as the known one, by their squares."""
        found = self._look(gray, _square(region.area.center, region.face_px), self._near, self._near_logit)
        inside = [each for each in found if _is_inside(each.center, region.area)]
        return [each for each in inside if 1 / STRETCH <= each.square().width / region.face_px <= STRETCH]

    def _everywhere(self, gray: Gray, known: Sequence[Detection]) -> list[_Found]:
        """What is large and likely at once, and what is still likely after more looks from near.

        Of a crowd of small ones the surest few are looked at again, the others count by the first look.
        """
        height, width = gray.shape
        found = self._look(gray, BoundingBox(0, 0, width, height), self._whole, LEAST_LOGIT)
        found = [each for each in found if each.shape[2] >= SMALLEST_FACE * width]
        new = [each for each in found if not any(_is_inside(each.center, one.box) for one in known)]
        large = [each for each in new if each.shape[2] > LARGE * width]
        small = [each for each in new if each.shape[2] <= LARGE * width]
        checked = (self._checked(gray, each) for each in small[:MOST_CHECKED])
        looked = [*large, *(each for each in checked if each is not None)]
        likely = [each for each in looked if each.logit >= self._alone_logit - DOUBTFUL]
        likely += [each for each in small[MOST_CHECKED:] if each.logit >= self._alone_logit]
        return sorted(likely, key=lambda each: -each.logit)

    def _checked(self, gray: Gray, first: _Found) -> _Found | None:
        """The same face from near, with the mean of all logits; None where a look does not see it."""
        wide = float(max(first.shape[2:4]))
        logits, nearest = [first.logit], first
        for widths, mirrored in CHECKS:
            found = self._look(gray, _square(first.center, wide, widths), self._near, LEAST_LOGIT, mirrored=mirrored)
            again = next((each for each in found if _is_same(each.shape, first.shape)), None)
            if again is None:
                return None
            nearest = again if nearest is first else nearest
            logits.append(again.logit)
        return _Found(sum(logits) / len(logits), nearest.shape)

    def _look(
        self, gray: Gray, part: BoundingBox, network: Network, least_logit: float, *, mirrored: bool = False
    ) -> list[_Found]:
        """The faces in a part of the frame, the surest first."""
        inside = part.clipped(gray.shape[1], gray.shape[0])
        if inside is None:
            return []
        picture, factor, corner = fitted(inside.crop(gray), network.size)
        if mirrored:
            rows = distinct(network.candidates(np.ascontiguousarray(picture[:, ::-1]), least_logit))
            rows = mirror_image(rows, network.size[1])
        else:
            rows = distinct(network.candidates(picture, least_logit))
        rows[:, 1:] /= factor
        rows[:, (1, *range(5, 15, 2))] += inside.x - corner[0] / factor
        rows[:, (2, *range(6, 15, 2))] += inside.y - corner[1] / factor
        return [_Found(float(row[0]), row[1:]) for row in rows]


def fitted(part: Gray, size: tuple[int, int]) -> tuple[Gray, float, tuple[int, int]]:
    """The input of `size` (height, width) with `part` in its middle, toned; the scale, and the part's corner (x, y)."""
    height, width = size
    factor = min(height / part.shape[0], width / part.shape[1])
    high, wide = (min(most, max(1, round(factor * side))) for most, side in zip(size, part.shape, strict=True))
    by = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    left, top = (width - wide) // 2, (height - high) // 2
    picture = np.full(size, MIDDLE, np.uint8)
    picture[top : top + high, left : left + wide] = toned(np.asarray(cv2.resize(part, (wide, high), interpolation=by)))
    return picture, factor, (left, top)


def mirror_image(rows: FloatArray, width: int) -> FloatArray:
    """The rows [N, 15] as they are in the mirror of an input of this width; right and left change places."""
    order = [0, 1, 2, 3, 4, 7, 8, 5, 6, 9, 10, 13, 14, 11, 12]
    back = rows[:, order]
    back[:, (1, *range(5, 15, 2))] = width - back[:, (1, *range(5, 15, 2))]
    return back


def _square(center: tuple[float, float], face_px: float, widths: float = NEAR_WIDTHS) -> BoundingBox:
    side = max(1, round(widths * face_px))
    return BoundingBox(round(center[0] - side / 2), round(center[1] - side / 2), side, side)


def _is_same(one: FloatArray, other: FloatArray) -> bool:
    over_smaller, _ = overlaps(one, other[np.newaxis])
    return bool(over_smaller[0] >= SAME_FACE)


def _is_inside(place: tuple[float, float], box: BoundingBox) -> bool:
    return box.x <= place[0] <= box.x + box.width and box.y <= place[1] <= box.y + box.height


def _detection(found: _Found, evidence: float) -> Detection:
    score = 1.0 / (1.0 + math.exp(-found.logit))
    points = tuple((float(x), float(y)) for x, y in found.points)
    return Detection(found.square(), score, evidence, points, head_pose(found.points))
